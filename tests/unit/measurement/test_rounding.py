import random

import pytest

from edged.measurement.rounding import rounding_limit


def test_a_quiet_level_may_be_off_by_half_a_step() -> None:
    assert rounding_limit([100.0] * 60, 1.0) == pytest.approx(0.5)


def test_a_level_on_the_border_of_two_steps_is_right_on_average() -> None:
    assert rounding_limit([100.0, 101.0] * 30, 1.0) == pytest.approx(0.0)


def test_noise_of_a_step_leaves_nothing_of_the_rounding() -> None:
    rng = random.Random(1)
    assert rounding_limit([round(rng.gauss(100.3, 1.0)) for _ in range(320)], 1.0) < 0.02


def test_a_drift_over_many_steps_leaves_little_of_the_rounding() -> None:
    assert rounding_limit([round(100 + 0.02 * k) for k in range(1000)], 1.0) < 0.15


@pytest.mark.parametrize("noise", [0.05, 0.15, 0.3, 0.6])
def test_the_limit_holds_wherever_the_level_lies_between_two_steps(noise: float) -> None:
    rng = random.Random(2)
    for tenth in range(10):
        level = 100 + tenth / 10
        values = [float(round(rng.gauss(level, noise))) for _ in range(3200)]
        assert abs(sum(values) / len(values) - level) <= rounding_limit(values, 1.0) + 0.03


def test_without_a_step_there_is_no_rounding() -> None:
    assert rounding_limit([1.0, 1.0], 0.0) == 0.0
