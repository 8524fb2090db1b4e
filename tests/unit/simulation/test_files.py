import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.files import AttributeFiles


def test_a_kept_descriptor_sees_every_new_content(tmp_path: Path) -> None:
    files = AttributeFiles(tmp_path)
    files.put_int("sys/value", 123_456)
    descriptor = os.open(tmp_path / "sys/value", os.O_RDONLY)
    for value in (123_457, 9, 0, -40, 123_456):
        files.put_int("sys/value", value)
        assert os.pread(descriptor, 64, 0) == b"%d\n" % value
    os.close(descriptor)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=10))
def test_a_file_holds_what_was_put_last(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    root = tmp_path_factory.mktemp("files")
    files = AttributeFiles(root)
    for content in contents:
        files.put("a/b", content)
        assert (root / "a/b").read_bytes() == content
    files.close()


def test_what_somebody_else_wrote_is_told_once(tmp_path: Path) -> None:
    files = AttributeFiles(tmp_path)
    files.put_int("interval", 35)
    assert files.written("interval") is None
    (tmp_path / "interval").write_text("1126\n")
    assert files.written("interval") == b"1126\n"
    assert files.written("interval") is None
    assert files.written("nothing") is None


def test_a_directory_that_vanishes_leaves_nothing_to_read(tmp_path: Path) -> None:
    files = AttributeFiles(tmp_path)
    files.put("hwmon1/curr1_input", b"98\n")
    files.write("hwmon1/name", b"ina231\n")
    files.link("hwmon1/device", "../elsewhere")
    descriptor = os.open(tmp_path / "hwmon1/curr1_input", os.O_RDONLY)
    files.vanish("hwmon1")
    assert not (tmp_path / "hwmon1").exists()
    assert os.pread(descriptor, 64, 0) == b""
    os.close(descriptor)
    files.put("hwmon1/curr1_input", b"99\n")
    assert (tmp_path / "hwmon1/curr1_input").read_bytes() == b"99\n"
