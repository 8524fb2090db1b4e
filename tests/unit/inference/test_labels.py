"""Labels are lines of text, whatever is in the file."""

from pathlib import Path

import pytest

from edged.errors import EdgedError
from edged.inference.classify import read_labels


def test_labels_are_lines(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("background\ntench\r\ngoldfish\n", encoding="utf-8")
    assert read_labels(tmp_path / "labels") == ["background", "tench", "goldfish"]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("\x1b[31mred\x07", encoding="utf-8")
    assert read_labels(tmp_path / "labels") == ["?[31mred?"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (1 << 20) + b"y"])
def test_what_is_no_list_of_labels_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(EdgedError) as refusal:
        read_labels(tmp_path / "labels")
    assert refusal.value.where == str(tmp_path / "labels")


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="cannot be read as labels"):
        read_labels(tmp_path / "labels")
