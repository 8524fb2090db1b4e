"""The plots of the trade-offs: every point where its figures say, the front through the right ones."""

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from edged import paper
from tests.integration.page.conftest import Served
from tests.integration.page.seen import seen
from tests.unit.exposition.test_pareto import with_table_ii

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

A15_FRONT = [
    ("0.25", "int8"), ("0.25", "fp32"), ("0.5", "int8"), ("0.5", "fp32"),
    ("0.75", "int8"), ("1.0", "int8"), ("1.0", "fp32"),
]  # fmt: skip
A7_FRONT = [each for each in A15_FRONT if each != ("0.5", "fp32")]
MEMORY_FRONT = [each for each in A15_FRONT if each[1] == "int8" or each == ("1.0", "fp32")]


class Axes:
    """Where a value lies, as the ticks tell: a reader has nothing else."""

    def __init__(self, plot: "Locator") -> None:
        self._x = [(math.log(value), at) for value, at in self._ticks(plot, "x", "x1")]
        self._y = self._ticks(plot, "y", "y1")

    def x(self, cost: float) -> float:
        return self._between(self._x, math.log(cost))

    def y(self, accuracy_ratio: float) -> float:
        return self._between(self._y, accuracy_ratio)

    @staticmethod
    def _ticks(plot: "Locator", axis: str, end: str) -> list[tuple[float, float]]:
        ticks = plot.locator(f"g.tick.{axis}").all()
        assert len(ticks) >= 3
        return [
            (
                float(tick.get_attribute("data-value") or "nan"),
                float(tick.locator("line").get_attribute(end) or "nan"),
            )
            for tick in ticks
        ]

    @staticmethod
    def _between(ticks: list[tuple[float, float]], value: float) -> float:
        (first, first_at), (last, last_at) = ticks[0], ticks[-1]
        return first_at + (value - first) / (last - first) * (last_at - first_at)


def costs(plot: str) -> dict[tuple[str, str], float]:
    """What the plot should show: the paper's figures, which this board found too."""
    objective, cluster = plot.split("-")
    power_w = {"big": 2.0, "little": 0.2}
    return {
        (model.alpha, model.precision): model.file_bytes
        if objective == "memory"
        else (power_w[cluster] if objective == "energy" else 1.0)
        / paper.TABLE_II[model.alpha, model.precision, cluster]
        for model in paper.PUBLISHED
    }


@pytest.mark.parametrize(
    ("name", "front"),
    [
        ("latency-big", A15_FRONT),
        ("latency-little", A7_FRONT),
        ("memory-", MEMORY_FRONT),
        ("energy-big", A15_FRONT),
        ("energy-little", A7_FRONT),
    ],
)
@pytest.mark.parametrize("width", [1280, 360])
def test_points_lie_where_their_figures_say_and_the_front_goes_through_the_right_ones(
    browser: "Browser", served: Served, name: str, front: list[tuple[str, str]], width: int
) -> None:
    expected = costs(name)
    top1 = {(model.alpha, model.precision): model.top1_ratio for model in paper.PUBLISHED}
    with seen(browser, served.url, width=width) as found:
        plot = found.page.locator(f'[data-plot="{name}"]')
        axes = Axes(plot)
        positions = sorted(
            (float(mark.get_attribute("cx") or 0), float(mark.get_attribute("cy") or 0))
            for mark in plot.locator(".point .mark").all()
        )
        assert len(positions) == 8
        wanted = sorted((axes.x(cost), axes.y(top1[case])) for case, cost in expected.items())
        for position, place in zip(positions, wanted, strict=True):
            assert position == pytest.approx(place, abs=0.5)
        numbers = [
            float(each) for each in re.findall(r"[\d.]+", plot.locator("path.front").get_attribute("d") or "")
        ]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        assert len(corners) == len(front)
        for corner, case in zip(corners, front, strict=True):
            assert corner == pytest.approx((axes.x(expected[case]), axes.y(top1[case])), abs=0.5)
        assert plot.locator(".point .ring").count() == len(front)


def test_the_papers_points_are_behind_those_that_the_paper_has(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url) as found:
        counts = {
            name: found.page.locator(f'[data-plot="{name}"] .paper').count()
            for name in ("latency-big", "latency-little", "memory-", "energy-big", "energy-")
        }
        assert counts == {"latency-big": 8, "latency-little": 8, "memory-": 8, "energy-big": 0, "energy-": 0}
        mixed = found.page.locator("[data-plot=memory-] .paper title").all_text_contents()
        assert [words for words in mixed if "MobileNet v2" in words] == [
            "The paper: α 1.0 INT8, 3.40 MB, 70.8 % top-1, with the accuracy and size of MobileNet v2"
        ]


def test_error_bars_are_as_long_as_u95_says(browser: "Browser", served: Served) -> None:
    served.snapshot = with_table_ii(u95_ratio=0.2)
    with seen(browser, served.url) as found:
        plot = found.page.locator("[data-plot=latency-big]")
        axes = Axes(plot)
        cost = 1 / paper.TABLE_II["0.5", "fp32", "big"]
        bar = plot.locator(".point[data-model='mobilenet_v1_0.5_224'] .error").get_attribute("d") or ""
        from_x, _, to_x = [float(each) for each in re.findall(r"[\d.]+", bar)][:3]
        assert (from_x, to_x) == pytest.approx((axes.x(cost * 0.8), axes.x(cost * 1.2)), abs=0.5)


def test_what_is_not_certain_is_marked_otherwise(browser: "Browser", served: Served) -> None:
    served.snapshot = with_table_ii(u95_ratio=0.04)
    with seen(browser, served.url) as found:
        plot = found.page.locator("[data-plot=latency-big]")
        half = plot.locator(".point[data-model='mobilenet_v1_0.5_224']")
        assert "optimal" in (half.get_attribute("class") or "")
        assert "not certain" in (half.get_attribute("aria-label") or "")
        dashes = half.locator(".ring").evaluate("(ring) => getComputedStyle(ring).strokeDasharray")
        assert dashes != "none"
        assert plot.locator(".point.certain").count() == 6


def test_the_whole_board_shows_all_cases_and_tells_clusters_apart_by_shape(
    browser: "Browser", served: Served
) -> None:
    with seen(browser, served.url) as found:
        plot = found.page.locator("[data-plot=energy-]")
        assert plot.locator("circle.mark").count() == 8
        assert plot.locator("rect.mark").count() == 8


def test_labels_of_points_do_not_overlap(browser: "Browser", served: Served) -> None:
    with seen(browser, served.url, width=360) as found:
        for name in ("latency-big", "energy-", "memory-"):
            boxes = [
                each.bounding_box() for each in found.page.locator(f'[data-plot="{name}"] text.name').all()
            ]
            drawn = [box for box in boxes if box]
            assert len(drawn) >= 6
            for number, one in enumerate(drawn):
                for other in drawn[:number]:
                    apart = (
                        one["x"] + one["width"] <= other["x"] + 1
                        or other["x"] + other["width"] <= one["x"] + 1
                        or one["y"] + one["height"] <= other["y"] + 4
                        or other["y"] + other["height"] <= one["y"] + 4
                    )
                    assert apart, (name, one, other)


def test_own_models_stand_among_the_papers(browser: "Browser", served: Served) -> None:
    snapshot = with_table_ii()
    account, *others = snapshot.cases
    facts, *rest = snapshot.models
    own = replace(facts, model=replace(facts.model, name="door", alpha=""))
    case = replace(account, labels=("door", "", account.labels[2], account.labels[3]))
    served.snapshot = replace(snapshot, cases=(case, *others), models=(own, *rest, facts))
    with seen(browser, served.url) as found:
        assert "door" in found.page.locator("[data-plot=latency-big] text.name").all_text_contents()
