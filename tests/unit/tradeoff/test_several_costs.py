"""Pareto fronts in several costs at once, and how certain they are."""

import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged import paper
from edged.tradeoff.front import Cost, Point, dominates, front, standings

# Few values, so that ties are common.
_VALUES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 2.0])
_U95 = st.one_of(st.none(), st.sampled_from([0.0, 0.05, 0.3, 5.0]))
_FAR = 100.0


def points(others: int, values: st.SearchStrategy[float] = _VALUES) -> st.SearchStrategy[list[Point]]:
    """Points with that many costs beside the first."""
    more = st.tuples(*[st.builds(Cost, values, _U95)] * others)
    return st.lists(st.builds(Point, _VALUES, values, _U95, more), max_size=9)


MANY = st.integers(0, 2).flatmap(points)
TWO = points(1)


def of_one_cost(point: Point, number: int = 0) -> Point:
    cost = point.costs[number]
    return Point(point.accuracy_ratio, cost.value, cost.u95)


def ends(cost: Cost) -> tuple[float, float]:
    """Of its interval; one without ends reaches beyond all others."""
    return (cost.value - _FAR, cost.value + _FAR) if cost.u95 is None else (cost.lowest, cost.highest)


def at(point: Point, values: tuple[float, ...]) -> Point:
    """The same with exact costs."""
    return Point(point.accuracy_ratio, values[0], 0.0, tuple(Cost(value) for value in values[1:]))


@given(points(0))
def test_with_one_cost_a_point_dominates_by_accuracy_or_else_by_cost(each: list[Point]) -> None:
    for one, other in product(each, each):
        by_estimate = (one.accuracy_ratio > other.accuracy_ratio and one.cost <= other.cost) or (
            one.accuracy_ratio == other.accuracy_ratio and one.cost < other.cost
        )
        assert dominates(one, other) == by_estimate
        (low, _), (_, high) = ends(one.costs[0]), ends(other.costs[0])
        within = (one.accuracy_ratio > other.accuracy_ratio and low <= high) or (
            one.accuracy_ratio == other.accuracy_ratio and low < high
        )
        assert standings([one, other])[1].certain == (not within)


@given(TWO)
def test_the_front_is_what_trying_all_finds(each: list[Point]) -> None:
    def reasons(point: Point) -> tuple[float, ...]:
        return (-point.accuracy_ratio, point.cost, *(cost.value for cost in point.other_costs))

    for point, standing in zip(each, standings(each), strict=True):
        beaten = [
            other
            for other in each
            if reasons(other) != reasons(point)
            and [max(pair) for pair in zip(reasons(other), reasons(point), strict=True)] == [*reasons(point)]
        ]
        assert standing.optimal == (not beaten)


@given(TWO)
def test_what_is_certain_is_what_no_corner_of_the_intervals_takes_off_the_front(each: list[Point]) -> None:
    for number, (point, standing) in enumerate(zip(each, standings(each), strict=True)):
        lost = any(
            dominates(at(other, its), at(point, mine))
            for place, other in enumerate(each)
            if place != number
            for its in product(*map(ends, other.costs))
            for mine in product(*map(ends, point.costs))
        )
        assert standing.certain == (not lost)


@given(MANY)
def test_what_is_certain_is_optimal(each: list[Point]) -> None:
    assert all(standing.optimal for standing in standings(each) if standing.certain)


@given(MANY)
def test_what_is_dominated_is_so_from_the_front(each: list[Point]) -> None:
    on_front = front(each)
    assert bool(on_front) == bool(each)
    for point, standing in zip(each, standings(each), strict=True):
        assert standing.optimal != any(dominates(other, point) for other in on_front)


@given(MANY)
def test_no_two_points_dominate_each_other_and_none_itself(each: list[Point]) -> None:
    for one, other in product(each, each):
        assert not (dominates(one, other) and dominates(other, one))


@given(TWO, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(each: list[Point], rng: random.Random) -> None:
    order = rng.sample(range(len(each)), len(each))
    shuffled = standings([each[place] for place in order])
    assert shuffled == [standings(each)[place] for place in order]


@given(TWO)
def test_nor_does_the_order_of_the_costs(each: list[Point]) -> None:
    swapped = [
        Point(point.accuracy_ratio, point.costs[1].value, point.costs[1].u95, (point.costs[0],))
        for point in each
    ]
    assert standings(swapped) == standings(each)


@given(TWO)
def test_another_cost_takes_no_point_off_the_front_unless_points_were_equal(each: list[Point]) -> None:
    apart = list({(point.accuracy_ratio, point.cost): point for point in each}.values())
    for before, after in zip(standings([*map(of_one_cost, apart)]), standings(apart), strict=True):
        assert after.optimal or not before.optimal


@given(TWO)
def test_nor_does_it_make_a_point_less_certain_unless_accuracies_were_equal(each: list[Point]) -> None:
    apart = list({point.accuracy_ratio: point for point in each}.values())
    for before, after in zip(standings([*map(of_one_cost, apart)]), standings(apart), strict=True):
        assert after.certain or not before.certain


@given(points(0), _VALUES)
def test_a_cost_that_is_the_same_for_all_changes_nothing(each: list[Point], value: float) -> None:
    assert standings([replace(point, other_costs=(Cost(value),)) for point in each]) == standings(each)


@given(TWO)
def test_a_point_that_is_best_in_one_cost_for_its_accuracy_stays_whatever_the_other(
    each: list[Point],
) -> None:
    for point, standing in zip(each, standings(each), strict=True):
        rivals = [
            other for other in each if other is not point and other.accuracy_ratio >= point.accuracy_ratio
        ]
        if all(point.cost < other.cost for other in rivals):
            assert standing.optimal


def test_points_that_cost_different_numbers_of_things_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        standings([Point(0.5, 1.0), Point(0.5, 1.0, 0.0, (Cost(2.0),))])


def test_the_a7_stays_on_the_front_of_the_board_only_by_its_energy() -> None:
    power_w = {"big": 2.0, "little": 0.2}
    cases = {
        (model.alpha, model.precision, cluster): Point(
            model.top1_ratio, 1 / fps, 0.0, (Cost(power_w[cluster] / fps),)
        )
        for model in paper.PUBLISHED
        for cluster in paper.CLUSTERS
        if (fps := paper.frames_per_second(model.alpha, model.precision, cluster))
    }
    in_both = standings(list(cases.values()))
    in_latency = standings([of_one_cost(point) for point in cases.values()])
    assert {c for (_, _, c), s in zip(cases, in_latency, strict=True) if s.optimal} == {"big"}
    assert {c for (_, _, c), s in zip(cases, in_both, strict=True) if s.optimal} == {"big", "little"}
    # What is beaten on its own CPU cluster in both is so on the board.
    standing = dict(zip(cases, in_both, strict=True))
    assert standing["0.5", "fp32", "big"].optimal
    assert not standing["0.5", "fp32", "little"].optimal
    assert not standing["0.75", "fp32", "big"].optimal
