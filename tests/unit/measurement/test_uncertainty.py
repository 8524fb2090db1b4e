import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.measurement.uncertainty import Budget

LIMITS = st.lists(st.floats(1e-6, 1.0), max_size=5)


def budget(limits: list[float], deviation: float = 0.0, degrees_of_freedom: float = math.inf) -> Budget:
    parts = Budget()
    for limit in limits:
        parts.limited("limits", limit)
    parts.scattered("scatter", deviation, degrees_of_freedom)
    return parts


def test_a_normal_part_alone_takes_the_factor_1_96() -> None:
    assert budget([], 1.0).u95 == pytest.approx(1.96, abs=0.001)


def test_few_degrees_of_freedom_widen_the_interval_as_students_t_does() -> None:
    assert budget([], 1.0, 4).u95 == pytest.approx(2.776, abs=0.001)


def test_one_limited_part_alone_holds_95_of_100_at_95_of_100_of_its_limit() -> None:
    # Twice the standard uncertainty would be 1.15 times the limit, which the error cannot reach.
    assert budget([2.0]).u95 == pytest.approx(1.9, rel=0.005)


def test_two_equal_limited_parts_make_a_triangle() -> None:
    assert budget([1.0, 1.0]).u95 == pytest.approx(2 * (1 - math.sqrt(0.05)), rel=0.005)


@pytest.mark.parametrize(
    ("limits", "deviation"), [([0.5, 0.5, 1.0], 0.0), ([1.0, 0.3], 0.4), ([0.1, 0.1], 1.0)]
)
def test_the_interval_holds_95_of_100_drawn_errors(limits: list[float], deviation: float) -> None:
    rng = random.Random(1)
    u95 = budget(limits, deviation).u95
    drawn = [sum(rng.uniform(-a, a) for a in limits) + rng.gauss(0.0, deviation) for _ in range(20_000)]
    assert sum(abs(error) <= u95 for error in drawn) / len(drawn) == pytest.approx(0.95, abs=0.006)


@given(LIMITS, st.floats(0.0, 1.0))
def test_the_interval_lies_between_what_normal_and_rectangular_shapes_give(
    limits: list[float], deviation: float
) -> None:
    parts = budget(limits, deviation)
    assert 1.63 * parts.combined <= parts.u95 <= 1.98 * parts.combined + 1e-12


@given(LIMITS, st.floats(1e-6, 1.0), st.floats(1.0, 100.0))
def test_the_interval_scales_with_the_unit(limits: list[float], deviation: float, scale: float) -> None:
    scaled = budget([scale * limit for limit in limits], scale * deviation)
    assert scaled.u95 == pytest.approx(scale * budget(limits, deviation).u95, rel=1e-6)


def test_parts_of_one_name_add_up_as_squares() -> None:
    parts = Budget()
    parts.limited("gain", math.sqrt(3) * 3.0)
    parts.limited("gain", math.sqrt(3) * 4.0)
    parts.scattered("noise", 12.0)
    assert parts.components == pytest.approx({"gain": 5.0, "noise": 12.0})
    assert parts.combined == pytest.approx(13.0)


def test_effective_degrees_of_freedom_follow_welch_and_satterthwaite() -> None:
    parts = Budget()
    parts.scattered("one", 1.0, 5)
    parts.scattered("other", 1.0, 5)
    assert parts.degrees_of_freedom == pytest.approx(10.0)


def test_without_any_part_nothing_is_uncertain() -> None:
    assert Budget().u95 == 0.0
