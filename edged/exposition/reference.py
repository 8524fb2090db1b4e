"""The table of all exported names, for the README.

    python -m edged.exposition.reference README.md

writes it anew between its two markers.
"""

import sys
from pathlib import Path

from edged.exposition.scrape import FAMILIES

BEGIN, END = "<!-- metrics:begin -->", "<!-- metrics:end -->"


def table() -> str:
    """Every family of edged in Markdown, in the order of a scrape."""
    rows = [
        f"| `{family.name}` | {family.kind} | {', '.join(family.labels)} | {family.help} |"
        for family in FAMILIES
    ]
    return "\n".join(["| metric | type | labels | meaning |", "|---|---|---|---|", *rows])


def with_table(text: str) -> str:
    """A text with the table between its markers.

    Raises:
        ValueError: If the text does not have both markers, each once and in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there is no {BEGIN} with an {END} after it")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
