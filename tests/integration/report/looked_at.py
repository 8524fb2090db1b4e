"""A report in Chromium, read as a reader does: with nothing but axes, ticks and words."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.integration.page.seen import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

# A4 less the margins of the page's style, at 96 pixels an inch.
PAPER_WIDTH = 687


@dataclass
class Way:
    """How the report is looked at."""

    name: str
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


WAYS = (
    Way("light"),
    Way("dark", scheme="dark"),
    Way("phone", width=360),
    Way("print", width=PAPER_WIDTH, media="print"),
    Way("print of a dark screen", width=PAPER_WIDTH, scheme="dark", media="print"),
)


@dataclass
class LookedAt:
    """An open report.

    Attributes:
        page: Playwright's page.
        complaints: What the console and the page said.
        asked: Addresses that were asked for.
    """

    page: "Page"
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def plot(self, name: str) -> "Locator":
        """The figure of that name."""
        return self.page.locator(f"svg[aria-labelledby^='{name}-title']")


@contextmanager
def looked_at(browser: "Browser", url: str, way: Way) -> Iterator[LookedAt]:
    """Open a report; nothing but the file can be had."""
    context = browser.new_context(
        viewport={"width": way.width, "height": 900}, color_scheme=way.scheme, offline=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.emulate_media(media=way.media, color_scheme=way.scheme)
    found = LookedAt(page)
    page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: found.complaints.append(f"error: {error}"))
    page.on("request", lambda request: found.asked.append(request.url))
    try:
        page.goto(url)
        yield found
    finally:
        context.close()


class Axes:
    """Where a value lies on the screen, as the ticks' own words and lines tell."""

    def __init__(self, plot: "Locator") -> None:
        """Read the ticks of a figure."""
        ticks: list[dict[str, Any]] = plot.evaluate(_TICKS)
        self._logarithmic = {
            axis: any(axis == found and "log" in words for found, words in _titles(plot))
            for axis in ("x", "y")
        }
        self._ticks = {
            axis: [(float(tick["words"]), float(tick["at"])) for tick in ticks if tick["axis"] == axis]
            for axis in ("x", "y")
        }
        assert all(len(found) >= 2 for found in self._ticks.values())

    def x(self, value: float) -> float:
        """From the left edge of the screen, in pixels."""
        return self._at("x", value)

    def y(self, value: float) -> float:
        """From the top of the screen, in pixels."""
        return self._at("y", value)

    def _at(self, axis: str, value: float) -> float:
        (first, first_at), *_, (last, last_at) = self._ticks[axis]
        scale = math.log if self._logarithmic[axis] else float
        return first_at + (scale(value) - scale(first)) / (scale(last) - scale(first)) * (last_at - first_at)

    def all_ticks_agree(self) -> bool:
        """Whether every tick lies where the outermost two say: an axis that is bent somewhere lies."""
        return all(
            abs(self._at(axis, value) - at) < 0.6
            for axis, found in self._ticks.items()
            for value, at in found
        )


def _titles(plot: "Locator") -> list[tuple[str, str]]:
    return [
        ("y" if each.get_attribute("transform") else "x", each.text_content() or "")
        for each in plot.locator("text.axis").all()
    ]


_TICKS = """
(plot) => [...plot.querySelectorAll("g.tick")].map((tick) => {
  const axis = tick.classList.contains("x") ? "x" : "y";
  const line = tick.querySelector("line").getBoundingClientRect();
  const at = axis === "x" ? line.left + line.width / 2 : line.top + line.height / 2;
  return { axis, at, words: tick.querySelector("text").textContent };
})
"""

MARKS = """
(plot) => [...plot.querySelectorAll("g.mark")].map((mark) => {
  const box = mark.querySelector(".shape").getBoundingClientRect();
  const bar = (axis) => {
    const found = mark.querySelector(".bar." + axis);
    if (!found) return null;
    const { left, right, top, bottom } = found.getBBox();
    const drawn = found.getBoundingClientRect();
    return [drawn.left, drawn.right, drawn.top, drawn.bottom];
  };
  return {
    text: mark.querySelector("title").textContent,
    x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2,
    left: box.left, right: box.right, top: box.top, bottom: box.bottom,
    fill: getComputedStyle(mark.querySelector(".shape")).fill,
    ring: mark.querySelector(".ring") !== null,
    xBar: bar("x"), yBar: bar("y"),
  };
})
"""

# Boxes of letters, less the room above and beneath that a font keeps.
TEXTS = """
(plot) => [...plot.querySelectorAll("text")].map((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  const room = (text.getAttribute("transform") ? right - left : bottom - top) * 0.2;
  const turned = text.hasAttribute("transform");
  return { words: text.textContent, left: left + (turned ? room : 0), right: right - (turned ? room : 0),
    top: top + (turned ? 0 : room), bottom: bottom - (turned ? 0 : room) };
})
"""

# Whatever sticks out of the page, but for what scrolls by itself on a screen.
OUTSIDE = """
(printed) => [...document.querySelectorAll("body *")].filter((each) => {
  if (each.closest("title, desc, style, head")) return false;
  if (!printed && each.parentElement.closest(".wide")) return false;
  const box = each.getBoundingClientRect();
  return box.width > 0 && (box.right > document.documentElement.clientWidth + 0.5 || box.left < -0.5);
}).map((each) => each.tagName + ": " + each.textContent.slice(0, 40))
"""

# Pairs of blocks of the page that cover each other.
COVERING = """
() => {
  const blocks = [...document.querySelectorAll("h1, h2, h3, main > p, .wide, figcaption")];
  const boxes = blocks.map((each) => [each, each.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], number) => boxes.slice(number + 1)
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5)
    .map(([other]) => one.textContent.slice(0, 30) + " / " + other.textContent.slice(0, 30)));
}
"""


def figures_in(text: str) -> list[float]:
    """Numbers of a text."""
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text)]
