"""What `edged board` prints for the boards of the zoo."""

from click.testing import CliRunner

from edged.cli.board import board
from tests.boards import ZOO


def printed(name: str) -> str:
    """The text for one board."""
    arguments = ["--from-dump", str(ZOO / name / "tree.tsv")]
    return CliRunner().invoke(board, arguments, catch_exceptions=False).output


def golden(name: str) -> str:
    """What it should be."""
    return (ZOO / name / "board.txt").read_text(encoding="utf-8")


def regenerate(name: str) -> None:
    """Take what is printed now for what it should be."""
    (ZOO / name / "board.txt").write_text(printed(name), encoding="utf-8")
