"""Scatter plots as SVG: marks with error bars, fronts, and labels that keep out of each other's way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edged.report.axis import Axis
from edged.report.element import Element, element
from edged.report.labels import Box, placed
from edged.report.mark import Mark, shape

WIDTH, HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 16, 52
_TICK = 5


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn.

    Attributes:
        title: For who cannot see it.
        x_label: What goes to the right, with its unit.
        y_label: What goes up, with its unit.
        marks: The points.
        front: Ends of the line through the optimal points, as (x, y), from left to right; may be empty.
        logarithmic_y: Whether y is logarithmic, as x always is.
    """

    title: str
    x_label: str
    y_label: str
    marks: tuple[Mark, ...]
    front: tuple[tuple[float, float], ...] = ()
    logarithmic_y: bool = False


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
    sheet = _Sheet(x, y)
    faint = [mark for mark in plot.marks if mark.faint]
    clear = [mark for mark in plot.marks if not mark.faint]
    return element(
        "svg",
        element("title", plot.title),
        *sheet.axes(plot),
        element("g", *(sheet.point(mark) for mark in faint), class_="faint"),
        *sheet.front(plot.front),
        *(sheet.point(mark) for mark in clear),
        *sheet.labels(clear, faint),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        class_="plot",
    )


def _ends(marks: Iterable[Mark]) -> list[float]:
    """Both ends of all error bars that a logarithmic axis can show."""
    ends = [end for mark in marks for end in (mark.x - mark.x_u95, mark.x, mark.x + mark.x_u95)]
    return [end for end in ends if end > 0]


class _Sheet:
    """The area inside the axes."""

    def __init__(self, x: Axis, y: Axis) -> None:
        self._x, self._y = x, y

    def left(self, value: float) -> float:
        """Where an x value lies, in pixels; what is left of the axis lies on it."""
        share = self._x.share(max(value, self._x.low))
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def top(self, value: float) -> float:
        """Where a y value lies, in pixels; what is below the axis lies on it."""
        share = self._y.share(max(value, self._y.low))
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    def axes(self, plot: Plot) -> list[Element]:
        bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
        lines = []
        for tick in self._x.ticks():
            at = self.left(tick)
            lines.append(element("line", class_="grid", x1=at, x2=at, y1=_TOP, y2=bottom + _TICK))
            lines.append(_text(f"{tick:g}", at, bottom + _TICK + 14, "tick middle"))
        for tick in self._y.ticks():
            at = self.top(tick)
            lines.append(element("line", class_="grid", x1=_LEFT - _TICK, x2=right, y1=at, y2=at))
            lines.append(_text(f"{tick:g}", _LEFT - _TICK - 4, at + 4, "tick end"))
        middle = (_TOP + bottom) / 2
        turned = element(
            "text", plot.y_label, class_="axis middle", transform=f"translate(16 {middle}) rotate(-90)"
        )
        return [*lines, _text(plot.x_label, (_LEFT + right) / 2, HEIGHT - 10, "axis middle"), turned]

    def point(self, mark: Mark) -> Element:
        at, top = self.left(mark.x), self.top(mark.y)
        bars = []
        if mark.x_u95:
            ends = self.left(mark.x - mark.x_u95), self.left(mark.x + mark.x_u95)
            bars.append(element("line", class_="bar", x1=ends[0], x2=ends[1], y1=top, y2=top))
        if mark.y_u95:
            ends = self.top(mark.y - mark.y_u95), self.top(mark.y + mark.y_u95)
            bars.append(element("line", class_="bar", x1=at, x2=at, y1=ends[0], y2=ends[1]))
        ring = [element("circle", class_="ring", cx=at, cy=top, r=9)] if mark.certain else []
        said = element("title", mark.text)
        return element("g", said, *bars, *ring, shape(mark, at, top), class_=f"mark {mark.colour}")

    def front(self, ends: Sequence[tuple[float, float]]) -> list[Element]:
        if len(ends) < 2:
            return []
        points = " ".join(f"{self.left(x)},{self.top(y)}" for x, y in ends)
        return [element("polyline", class_="front", points=points)]

    def labels(self, marks: Sequence[Mark], faint: Sequence[Mark]) -> list[Element]:
        taken = [Box.round(self.left(mark.x), self.top(mark.y), 6) for mark in (*marks, *faint)]
        wanted = [(self.left(mark.x), self.top(mark.y), mark.label) for mark in marks]
        inside = Box(_LEFT, _TOP, WIDTH - _RIGHT, HEIGHT - _BOTTOM)
        return [
            _text(label, left, top, f"label {anchor}")
            for left, top, anchor, label in placed(wanted, taken, inside)
        ]


def _text(text: str, left: float, top: float, class_: str) -> Element:
    return element("text", text, class_=class_, x=left, y=top)
