"""What the signs of a plot mean, in rows above it: a figure is read without the page around it."""

from collections.abc import Iterator, Sequence

from edged.report.element import Element, element
from edged.report.mark import Mark, ring, shape

ROW = 20
_SIGN = 26
_GAP = 16
# Of a font of 12 pixels: about the mean width of letters.
_CHARACTER = 7.0

Entry = tuple[str, list[Element]]


def rows(entries: Sequence[Entry], left: float, right: float) -> list[list[tuple[float, Entry]]]:
    """The entries with their places in pixels, as many in a row as there is room for.

    Args:
        entries: What is to be told.
        left: Where each row begins.
        right: Where it ends.
    """
    placed: list[list[tuple[float, Entry]]] = [[]]
    at = left
    for entry in entries:
        width = _SIGN + _CHARACTER * len(entry[0])
        if placed[-1] and at + width > right:
            placed.append([])
            at = left
        placed[-1].append((at, entry))
        at += width + _GAP
    return placed if placed[0] else []


def drawn(placed: Sequence[Sequence[tuple[float, Entry]]], top: float) -> Iterator[Element]:
    """The rows as elements.

    Args:
        placed: From `rows`.
        top: Upper edge of the first one.
    """
    for number, row in enumerate(placed):
        middle = top + (number + 0.5) * ROW
        for left, (text, signs) in row:
            sign = element("g", *signs, transform=f"translate({left + 10:.1f} {middle})")
            words = element("text", text, x=round(left + _SIGN - 2, 1), y=middle + 4)
            yield element("g", sign, words, class_="entry")


def entries(marks: Sequence[Mark], *, front: bool) -> list[Entry]:
    """What a plot of these marks has to explain.

    Args:
        marks: All of its points.
        front: Whether a line is drawn through the optimal ones.
    """
    clear = [mark for mark in marks if not mark.faint]
    told: list[Entry] = []
    # Of the paper's points as well: where a precision was not measured, they alone have its colour.
    for precision, colour in sorted({(mark.precision, mark.colour) for mark in marks}):
        told.append((precision.upper(), [_coloured(colour, shape("", 0, 0))]))
    clusters = sorted({mark.cpu_cluster for mark in clear} - {""})
    if len(clusters) > 1:
        told += [(cluster, [_coloured("neutral", shape(cluster, 0, 0))]) for cluster in clusters]
    if any(mark.faint for mark in marks):
        told.append(("the paper", [element("g", shape("", 0, 0), class_="faint")]))
    if any(mark.x_u95 or mark.y_u95 for mark in clear):
        bar = element("path", class_="bar", d="M-9,-3v6M-9,0H9M9,-3v6")
        told.append(("U95", [_coloured("neutral", bar)]))
    if front:
        told.append(("front", [element("polyline", class_="front", points="-10,0 10,0")]))
    if any(mark.certain for mark in clear):
        told.append(("certain", [_coloured("neutral", ring(0, 0), shape("", 0, 0))]))
    return told


def _coloured(colour: str, *signs: Element) -> Element:
    return element("g", *signs, class_=colour)
