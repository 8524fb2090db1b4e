"""A file is written wholly or not at all, and what is no file is not replaced by one."""

import os
import threading
from pathlib import Path

import pytest

from edged.errors import EdgedError
from edged.inference.whole_file import remove_unfinished, write_whole


def test_nothing_is_left_beside_a_file_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "made" / "report.html"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert [*path.parent.iterdir()] == [path]
    assert path.read_bytes() == b"new"


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"page")
    reader.join()
    assert got == [b"page"]
    assert [*tmp_path.iterdir()] == [pipe]
    assert pipe.is_fifo()


def test_a_directory_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="cannot be written: Is a directory"):
        write_whole(tmp_path, b"page")


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    whole, own, others = (tmp_path / name for name in ("a.tflite", ".a.tflite.12.x_1", ".a.tflite.123.x_2"))
    for path in (whole, own, others):
        path.touch()
    remove_unfinished(tmp_path, 12)
    assert {*tmp_path.iterdir()} == {whole, others}
