"""A series of latencies is level, or it drifts."""

import random

import pytest

from edged.measurement.steady import drift_ratio


def noisy(count: int, seed: int, slope: float = 0.0) -> list[float]:
    generator = random.Random(seed)
    return [0.1 * (1 + slope * i / count + generator.gauss(0, 0.01)) for i in range(count)]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_short_series_is_not_judged(count: int) -> None:
    assert drift_ratio([1.0 + i for i in range(count)]) is None


def test_equal_latencies_are_level() -> None:
    assert drift_ratio([0.02] * 100) is None


@pytest.mark.parametrize("seed", range(50))
def test_noise_alone_is_level(seed: int) -> None:
    assert drift_ratio(noisy(100, seed)) is None


def test_a_clock_that_drops_half_way_is_seen_with_its_size() -> None:
    assert drift_ratio([0.10] * 50 + [0.12] * 50) == pytest.approx(0.02 / 0.11)


def test_a_slow_drift_is_seen() -> None:
    ratio = drift_ratio(noisy(100, 1, slope=0.2))
    assert ratio == pytest.approx(0.09, abs=0.02)


def test_a_warm_up_that_is_not_over_gives_a_negative_drift() -> None:
    series = [0.1 * (1 + 0.5 * 0.9**i) for i in range(40)]
    ratio = drift_ratio(series)
    assert ratio is not None
    assert ratio < -0.05


def test_one_outlier_is_no_drift() -> None:
    assert drift_ratio([*noisy(30, 2), 1.0, *noisy(19, 3)]) is None


def test_a_drift_too_small_to_matter_is_level() -> None:
    assert drift_ratio([0.100] * 50 + [0.102] * 50) is None
