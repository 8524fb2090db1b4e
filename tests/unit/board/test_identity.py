"""Which machine it is, by whichever file tells."""

from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.sysfs import Sysfs


@pytest.mark.parametrize("tree", ["proc/device-tree", "sys/firmware/devicetree/base"])
def test_the_device_tree_is_read_where_it_is(tmp_path: Path, tree: str) -> None:
    directory = tmp_path / tree
    directory.mkdir(parents=True)
    (directory / "model").write_bytes(b"Hardkernel Odroid XU3\0")
    (directory / "compatible").write_bytes(b"hardkernel,odroid-xu3\0samsung,exynos5800\0samsung,exynos5\0")
    identity = discover(Sysfs(tmp_path)).identity
    assert (identity.model, identity.soc) == ("Hardkernel Odroid XU3", "Exynos 5422")
    assert identity.compatible[0] == "hardkernel,odroid-xu3"
