"""What the tests of the monitoring side share."""

from pathlib import Path

import pytest

from tests.integration.rules.conftest import amtool, promtool
from tests.system.stack import checkout

__all__ = ["amtool", "promtool"]


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """deploy/stack as a person has it after `./keys`."""
    stack = checkout.copied_to(tmp_path / "edged")
    done = checkout.keys(stack)
    if "openssl is needed" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return stack


@pytest.fixture
def debian(tmp_path: Path, stack: Path) -> Path:
    """The root directory of a Debian after README.md's steps."""
    root = tmp_path / "debian"
    # The packages of Grafana make these.
    for name in ("datasources", "dashboards"):
        (root / "etc/grafana/provisioning" / name).mkdir(parents=True)
    checkout.install(stack, root)
    return root
