"""What a rich table or console shows, as plain text."""

import io

from rich.console import Console, RenderableType

from tests.unit.exposition.facts import ENERGY, ON_BIG, SMALL, measurement, rejected

__all__ = ["ENERGY", "ON_BIG", "SMALL", "measurement", "rejected", "rows", "shown"]


def shown(what: RenderableType, width: int = 100) -> str:
    """The text at a width in columns."""
    console = Console(file=io.StringIO(), width=width, legacy_windows=False)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def rows(what: RenderableType, width: int = 100) -> list[list[str]]:
    """The words of each line below the rule under the headings."""
    lines = shown(what, width).splitlines()
    rule = next(number for number, line in enumerate(lines) if "──" in line)
    return [line.split() for line in lines[rule + 1 :] if line.strip()]
