"""The fixture zoo: boards as dumps (`edged board dump`), with what `edged board` and `/metrics` say of it.

Each directory holds `tree.tsv` (the dump), `about.txt` (one line: what it is and where its values come from)
and the golden texts: `board.txt`, and `metrics.txt` as edged begins there. `python -m tests.boards`
writes the golden texts and the README's table anew; look at the difference before you commit it.
"""

from pathlib import Path

ZOO = Path(__file__).parent
README = ZOO.parents[1] / "README.md"
NAMES = sorted(tree.parent.name for tree in ZOO.glob("*/tree.tsv"))


def tree(name: str) -> str:
    """The dump of a board."""
    return (ZOO / name / "tree.tsv").read_text(encoding="utf-8")


def about(name: str) -> str:
    """What a board is, in one line; that of a variation begins with "Variation of"."""
    return (ZOO / name / "about.txt").read_text(encoding="utf-8").strip()
