"""Pareto fronts, and how certain they are."""

import math
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged import paper
from edged.tradeoff.front import Cost, Point, dominates, front, standings

# Few values, so that ties are common.
_VALUES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 2.0])
_U95 = st.one_of(st.none(), st.sampled_from([0.0, 0.05, 0.3, 5.0]))
POINTS = st.lists(st.builds(Point, _VALUES, _VALUES, _U95), max_size=12)
EXACT = st.lists(st.builds(Point, _VALUES, _VALUES), max_size=12)


def optimal(points: list[Point]) -> list[Point]:
    return [point for point, standing in zip(points, standings(points), strict=True) if standing.optimal]


@given(POINTS)
def test_no_point_of_the_front_is_dominated_and_every_other_point_is(points: list[Point]) -> None:
    on_front = front(points)
    for point in points:
        dominated = any(dominates(other, point) for other in points)
        assert dominated != any(point == each for each in on_front)
        # What dominates is on the front itself, or is dominated from there.
        assert dominated == any(dominates(other, point) for other in on_front)


@given(POINTS)
def test_the_front_of_a_front_is_itself(points: list[Point]) -> None:
    assert front(front(points)) == front(points)


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(points: list[Point], rng: random.Random) -> None:
    shuffled = rng.sample(points, len(points))
    standing = dict(zip(map(id, shuffled), standings(shuffled), strict=True))
    for point, expected in zip(points, standings(points), strict=True):
        if sum(point is other for other in points) == 1:
            assert standing[id(point)] == expected


@given(POINTS)
def test_the_front_rises_in_accuracy_with_cost(points: list[Point]) -> None:
    on_front = front(points)
    for before, after in pairwise(on_front):
        assert (before.cost, before.accuracy_ratio) == (after.cost, after.accuracy_ratio) or (
            before.cost < after.cost and before.accuracy_ratio < after.accuracy_ratio
        )


@given(POINTS)
def test_there_is_a_front_wherever_there_is_a_point(points: list[Point]) -> None:
    assert bool(front(points)) == bool(points)


@given(POINTS)
def test_what_is_certain_is_optimal(points: list[Point]) -> None:
    assert all(standing.optimal for standing in standings(points) if standing.certain)


@given(EXACT)
def test_among_exact_costs_what_is_optimal_is_certain(points: list[Point]) -> None:
    assert all(standing.certain == standing.optimal for standing in standings(points))


@given(POINTS, st.data())
def test_what_is_certain_stays_optimal_for_any_costs_within_their_intervals(
    points: list[Point], data: st.DataObject
) -> None:
    certain = [standing.certain for standing in standings(points)]

    def moved(point: Point) -> Point:
        reach = 100.0 if point.cost_u95 is None else point.cost_u95
        shift = data.draw(st.floats(-1.0, 1.0))
        return replace(
            point, cost=min(point.cost + reach, max(point.cost - reach, point.cost + shift * reach))
        )

    for standing, was_certain in zip(standings([moved(point) for point in points]), certain, strict=True):
        assert standing.optimal or not was_certain


@given(POINTS)
def test_what_is_optimal_and_not_certain_loses_to_another_for_some_costs_within_the_intervals(
    points: list[Point],
) -> None:
    for number, (point, standing) in enumerate(zip(points, standings(points), strict=True)):
        if standing.optimal and not standing.certain:
            others = points[:number] + points[number + 1 :]
            assert any(
                dominates(
                    replace(other, cost=max(other.costs[0].lowest, -1e9)),
                    replace(point, cost=min(point.costs[0].highest, 1e9)),
                )
                for other in others
            )


@given(POINTS, st.floats(1.0, 3.0))
def test_more_uncertainty_makes_nothing_certain_and_changes_no_front(
    points: list[Point], factor: float
) -> None:
    wider = [replace(p, cost_u95=None if p.cost_u95 is None else p.cost_u95 * factor) for p in points]
    for before, after in zip(standings(points), standings(wider), strict=True):
        assert after.optimal == before.optimal
        assert before.certain or not after.certain


def test_points_equal_in_both_stay_together() -> None:
    assert optimal([Point(0.5, 1.0), Point(0.5, 1.0)]) == [Point(0.5, 1.0)] * 2


@pytest.mark.parametrize("worse", [Point(0.5, 1.1), Point(0.4, 1.0)])
def test_a_tie_in_one_is_decided_by_the_other(worse: Point) -> None:
    assert optimal([worse, Point(0.5, 1.0)]) == [Point(0.5, 1.0)]


def test_the_most_accurate_is_certain_however_uncertain_all_costs_are() -> None:
    assert [standing.certain for standing in standings([Point(0.7, 9.0, None), Point(0.6, 1.0, None)])] == [
        True,
        False,
    ]


def test_intervals_that_touch_can_swap_a_less_accurate_point_off_the_front() -> None:
    better, worse = Point(0.7, 2.0, 0.5), Point(0.6, 1.0, 0.5)
    assert not standings([better, worse])[1].certain
    assert standings([better, replace(worse, cost_u95=0.49)])[1].certain


def test_an_unknown_uncertainty_is_an_interval_without_ends() -> None:
    unknown = Cost(2.0, None)
    assert (unknown.lowest, unknown.highest) == (-math.inf, math.inf)


def table_ii(cluster: str) -> dict[tuple[str, str], Point]:
    """The paper's latencies with the accuracies of its models."""
    return {
        (model.alpha, model.precision): Point(
            model.top1_ratio, 1 / paper.TABLE_II[model.alpha, model.precision, cluster]
        )
        for model in paper.PUBLISHED
    }


def names_on_front(points: dict[tuple[str, str], Point]) -> list[tuple[str, str]]:
    names = {point: name for name, point in points.items()}
    return [names[point] for point in front(points.values())]


def test_the_papers_a15_front_has_alpha_half_fp32_on_it() -> None:
    assert names_on_front(table_ii("big")) == [
        ("0.25", "int8"), ("0.25", "fp32"), ("0.5", "int8"), ("0.5", "fp32"),
        ("0.75", "int8"), ("1.0", "int8"), ("1.0", "fp32"),
    ]  # fmt: skip


def test_the_papers_a7_front_has_not() -> None:
    assert names_on_front(table_ii("little")) == [
        ("0.25", "int8"), ("0.25", "fp32"), ("0.5", "int8"), ("0.75", "int8"),
        ("1.0", "int8"), ("1.0", "fp32"),
    ]  # fmt: skip


def test_int8_makes_the_papers_memory_front_but_for_its_upper_end() -> None:
    sizes = {(m.alpha, m.precision): Point(m.top1_ratio, m.file_bytes) for m in paper.PUBLISHED}
    assert names_on_front(sizes) == [
        ("0.25", "int8"), ("0.5", "int8"), ("0.75", "int8"), ("1.0", "int8"), ("1.0", "fp32"),
    ]  # fmt: skip


@pytest.mark.parametrize(("ratio", "certain"), [(0.03, True), (0.04, False)])
def test_alpha_half_fp32_is_certain_on_the_a15_only_while_latencies_are_known_within_3_percent(
    ratio: float, certain: bool
) -> None:
    points = {name: replace(p, cost_u95=p.cost * ratio) for name, p in table_ii("big").items()}
    standing = dict(zip(points, standings(list(points.values())), strict=True))
    assert standing["0.5", "fp32"].certain == certain
