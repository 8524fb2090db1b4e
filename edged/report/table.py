"""Tables of HTML: they fit a screen; on a narrow one they scroll by themselves, or stack their cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edged.report.element import Element, element


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its U95; the ± of a column stand beneath each other.

    Attributes:
        value: As it is written.
        u95: "± " and its uncertainty as it is written; "" where it has none.
    """

    value: str
    u95: str = ""


Cell = Element | str | Quantity


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    numbers: Iterable[int] = (),
) -> Element:
    """A table; where the screen is narrow one with numbers scrolls by itself, one without stacks its cells.

    Args:
        caption: What it shows.
        head: Headings of its columns.
        rows: Its cells.
        numbers: Columns that are aligned to the right.
    """
    right = set(numbers)
    rows = list(rows)
    room = [_u95_length(cells) for cells in zip(*rows, strict=True)]
    heading = (
        element("th", text, scope="col", **_aligned(place in right)) for place, text in enumerate(head)
    )
    body = (
        element(
            "tr",
            *(
                _cell(_content(cell, room[place]), head[place], right=place in right)
                for place, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    return element(
        "div",
        element(
            "table",
            element("caption", element("span", caption)),
            element("thead", element("tr", *heading)),
            element("tbody", *body),
            class_="numbers" if right else "stacked",
        ),
        class_="wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def _u95_length(cells: Iterable[Cell]) -> int:
    """Characters of the longest U95 of a column."""
    return max((len(cell.u95) for cell in cells if isinstance(cell, Quantity)), default=0)


def _content(cell: Cell, u95_length: int) -> Element | str:
    if not isinstance(cell, Quantity):
        return cell
    if not u95_length:
        return cell.value
    told = f" {cell.u95}" if cell.u95 else ""
    # ± is wider than a digit, which is 1 ch; the blanks beside it and the point are as much narrower.
    u95 = element("span", told, class_="u95", style=f"min-width: {u95_length + 0.4}ch")
    return element("span", cell.value, u95)


def _cell(cell: Element | str, head: str, *, right: bool) -> Element:
    told = {"data_head": head} if head and not right else {}
    return element("td", cell, **told, **_aligned(right))


def _aligned(right: bool) -> dict[str, str]:
    return {"class_": "number"} if right else {}
