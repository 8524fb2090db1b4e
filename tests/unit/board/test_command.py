"""`edged board` and `edged board dump`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from edged.board.sysfs import SysfsError
from edged.cli.board import board
from edged.errors import EdgedError, UsageError
from tests.boards import ZOO, tree


def run(*arguments: str) -> str:
    return CliRunner().invoke(board, arguments, catch_exceptions=False).output


def test_without_options_this_machine_is_shown() -> None:
    text = run()
    assert "CPU clusters" in text
    assert "Missing" in text


def test_the_root_may_be_any_directory(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("processor : 0\nCPU implementer : 0x41\nCPU part : 0xc0f\n")
    assert "1 x Cortex-A15" in run("--root", str(tmp_path))


def test_a_dump_made_here_shows_this_machine_elsewhere(tmp_path: Path) -> None:
    dump = tmp_path / "here.tsv"
    run("dump", str(dump))
    shown = run("--from-dump", str(dump)).split("\n\n")
    assert shown[:2] == run().split("\n\n")[:2]


def test_a_dump_may_go_to_standard_output() -> None:
    source = ZOO / "xu4-bare" / "tree.tsv"
    assert run("--from-dump", str(source), "dump", "-") == tree("xu4-bare")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--root", "/nowhere/at/all"), "not a directory"),
        (("--from-dump", "/nowhere/at/all"), "cannot be read"),
        (("--root", "/", "--from-dump", "x"), "exclude each other"),
    ],
)
def test_options_that_cannot_be_are_refused(arguments: tuple[str, ...], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        run(*arguments)


def test_a_malformed_dump_is_an_error_that_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.tsv"
    file.write_bytes(b"/sys/a\tx\n\xff\xfe no dump\n")
    with pytest.raises(EdgedError, match=r"bad\.tsv, line 2"):
        run("--from-dump", str(file))


def test_a_dump_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="cannot be written") as caught:
        run("dump", str(tmp_path / "no" / "such" / "directory"))
    assert not isinstance(caught.value, SysfsError)
