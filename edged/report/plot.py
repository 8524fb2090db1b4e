"""Scatter plots as SVG: marks with error bars, fronts, a legend, and labels that keep out of the way."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edged.report import legend
from edged.report.axis import Axis
from edged.report.element import Element, element
from edged.report.labels import Box, placed
from edged.report.mark import Mark, ring, shape

WIDTH = 560
_SHEET_HEIGHT = 316
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 8, 50
_TICK, _CAP = 5, 3
# Boxes along a line, by which labels keep clear of it.
_LINE_STEP, _LINE_HALF = 5.0, 2.0


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn.

    Attributes:
        name: Tells it from the others of a page.
        title: For who cannot see it.
        x_label: What goes to the right, with its unit.
        y_label: What goes up, with its unit.
        marks: The points.
        front: Ends of the line through the optimal points, as (x, y), from left to right; may be empty.
        logarithmic_y: Whether y is logarithmic, as x always is.
        note: What has to stand on it, such as that nothing in it is real; "" for nothing.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    marks: tuple[Mark, ...]
    front: tuple[tuple[float, float], ...] = ()
    logarithmic_y: bool = False
    note: str = ""


def svg(plot: Plot) -> Element:
    """The plot; its colours come from the style of the document (see `style.py`).

    Args:
        plot: With at least one mark.
    """
    x = Axis.around(_ends(plot.marks), logarithmic=True)
    y_values = [value for mark in plot.marks for value in (mark.y - mark.y_u95, mark.y + mark.y_u95)]
    if plot.logarithmic_y:
        y_values = [value for value in y_values if value > 0] + [mark.y for mark in plot.marks]
    y = Axis.around(y_values, logarithmic=plot.logarithmic_y)
    entries = legend.rows(legend.entries(plot.marks, front=len(plot.front) > 1), 8, WIDTH - 4)
    top = _TOP + legend.ROW * len(entries) + 6
    sheet = _Sheet(x, y, top)
    height = top + _SHEET_HEIGHT + _BOTTOM
    faint = [mark for mark in plot.marks if mark.faint]
    clear = [mark for mark in plot.marks if not mark.faint]
    return element(
        "svg",
        element("title", plot.title, id=f"{plot.name}-title"),
        element("desc", "; ".join(mark.text for mark in plot.marks), id=f"{plot.name}-points"),
        element("rect", class_="ground", width=WIDTH, height=height),
        *legend.drawn(entries, _TOP),
        *sheet.axes(plot),
        element("g", *(sheet.point(mark) for mark in faint), class_="faint"),
        *sheet.front(plot.front),
        *(sheet.point(mark) for mark in clear),
        *sheet.labels(clear, faint, plot.front),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{plot.name}-title {plot.name}-points",
        class_="plot",
    )


def _ends(marks: Iterable[Mark]) -> list[float]:
    """Both ends of all error bars that a logarithmic axis can show."""
    ends = [end for mark in marks for end in (mark.x - mark.x_u95, mark.x, mark.x + mark.x_u95)]
    return [end for end in ends if end > 0]


class _Sheet:
    """The area inside the axes."""

    def __init__(self, x: Axis, y: Axis, top: float) -> None:
        self._x, self._y = x, y
        self._frame = Box(_LEFT, top, WIDTH - _RIGHT, top + _SHEET_HEIGHT)

    def left(self, value: float) -> float:
        """Where an x value lies, in pixels; what is left of the axis lies on it."""
        share = self._x.share(max(value, self._x.low))
        return round(self._frame.left + share * (self._frame.right - self._frame.left), 1)

    def top(self, value: float) -> float:
        """Where a y value lies, in pixels; what is below the axis lies on it."""
        share = self._y.share(max(value, self._y.low))
        return round(self._frame.bottom - share * (self._frame.bottom - self._frame.top), 1)

    def axes(self, plot: Plot) -> Iterator[Element]:
        frame = self._frame
        for tick in self._x.ticks():
            at = self.left(tick)
            line = element("line", x1=at, x2=at, y1=frame.top, y2=frame.bottom + _TICK)
            yield element(
                "g", line, _text(f"{tick:g}", at, frame.bottom + _TICK + 14, "middle"), class_="tick x"
            )
        for tick in self._y.ticks():
            at = self.top(tick)
            line = element("line", x1=frame.left - _TICK, x2=frame.right, y1=at, y2=at)
            yield element(
                "g", line, _text(f"{tick:g}", frame.left - _TICK - 3, at + 4, "end"), class_="tick y"
            )
        across = (frame.left + frame.right) / 2
        yield _text(f"{plot.x_label} (log scale)", across, frame.bottom + 42, "axis middle")
        log = " (log scale)" if plot.logarithmic_y else ""
        if plot.note:
            yield _text(plot.note, frame.right, frame.bottom + 42, "note end")
        turn = f"translate(14 {(frame.top + frame.bottom) / 2}) rotate(-90)"
        yield element("text", plot.y_label + log, class_="axis middle", transform=turn)

    def point(self, mark: Mark) -> Element:
        at, top = self.left(mark.x), self.top(mark.y)
        bars = []
        if mark.x_u95:
            first, last = self.left(mark.x - mark.x_u95), self.left(mark.x + mark.x_u95)
            cap = f"v{2 * _CAP}"
            drawn = f"M{first},{top - _CAP:.1f}{cap}M{first},{top}H{last}M{last},{top - _CAP:.1f}{cap}"
            bars.append(element("path", class_="bar x", d=drawn))
        if mark.y_u95:
            first, last = self.top(mark.y - mark.y_u95), self.top(mark.y + mark.y_u95)
            cap = f"h{2 * _CAP}"
            drawn = f"M{at - _CAP:.1f},{first}{cap}M{at},{first}V{last}M{at - _CAP:.1f},{last}{cap}"
            bars.append(element("path", class_="bar y", d=drawn))
        rings = [ring(at, top)] if mark.certain else []
        body = shape(mark.cpu_cluster, at, top)
        return element("g", element("title", mark.text), *bars, *rings, body, class_=f"mark {mark.colour}")

    def front(self, ends: Sequence[tuple[float, float]]) -> list[Element]:
        if len(ends) < 2:
            return []
        points = " ".join(f"{self.left(x)},{self.top(y)}" for x, y in ends)
        return [element("polyline", class_="front", points=points)]

    def labels(
        self, clear: Sequence[Mark], faint: Sequence[Mark], front: Sequence[tuple[float, float]]
    ) -> list[Element]:
        marks = [*clear, *(mark for mark in faint if mark.label)]
        taken = [
            Box.round(self.left(mark.x), self.top(mark.y), 9 if mark.certain else 6)
            for mark in (*clear, *faint)
        ]
        for mark in clear:
            taken += self._bars(mark)
        for (x, y), (to_x, to_y) in pairwise(front):
            taken += _along((self.left(x), self.top(y)), (self.left(to_x), self.top(to_y)))
        wanted = [(self.left(mark.x), self.top(mark.y), mark.label) for mark in marks]
        places = placed(wanted, taken, self._frame)
        return [
            _text(label, left, top, f"{'aside' if mark.faint else 'label'} {anchor}")
            for mark, (left, top, anchor, label) in zip(marks, places, strict=True)
        ]

    def _bars(self, mark: Mark) -> Iterator[Box]:
        """What labels keep clear of: bars with a hair of air around them."""
        at, top, far = self.left(mark.x), self.top(mark.y), 2 * _CAP
        if mark.x_u95:
            first, last = self.left(mark.x - mark.x_u95), self.left(mark.x + mark.x_u95)
            yield Box(first - _CAP, top - far, last + _CAP, top + far)
        if mark.y_u95:
            first, last = self.top(mark.y + mark.y_u95), self.top(mark.y - mark.y_u95)
            yield Box(at - far, first - _CAP, at + far, last + _CAP)


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    steps = max(1, math.ceil(math.dist(start, end) / _LINE_STEP))
    for step in range(steps + 1):
        share = step / steps
        left, top = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        yield Box.round(left, top, _LINE_HALF)


def _text(text: str, left: float, top: float, class_: str) -> Element:
    return element("text", text, class_=class_, x=left, y=top)
