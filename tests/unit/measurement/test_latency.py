"""The mean of a case with its interval, and the percentiles that its count carries."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.measurement.latency import FEWEST_FOR_PERCENTILE, latency_of, mean_u95
from edged.measurement.student import coverage_factor

latencies = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=800)


def test_without_inferences_there_is_no_latency() -> None:
    assert latency_of([]) is None


def test_one_inference_gives_a_mean_without_an_interval() -> None:
    latency = latency_of([0.5])
    assert latency is not None
    assert (latency.mean_s, latency.u95_s, latency.quantiles_s, latency.count) == (0.5, None, {}, 1)
    assert latency.frames_per_second == 2.0


@given(latencies)
def test_percentiles_lie_among_the_values_and_inside_their_intervals(values: list[float]) -> None:
    latency = latency_of(values)
    assert latency is not None
    assert set(latency.quantiles_s) == {p for p, n in FEWEST_FOR_PERCENTILE.items() if len(values) >= n}
    for percentile, value in latency.quantiles_s.items():
        low, high = latency.quantile_intervals_s[percentile]
        assert value in values
        assert min(values) <= low <= value <= high <= max(values)
    assert all(a <= b for a, b in pairwise(latency.quantiles_s.values()))


@given(latencies)
def test_the_order_of_values_does_not_move_the_mean(values: list[float]) -> None:
    forward, backward = latency_of(values), latency_of(values[::-1])
    assert forward is not None
    assert backward is not None
    assert forward.mean_s == pytest.approx(backward.mean_s)
    assert forward.quantiles_s == backward.quantiles_s


@pytest.mark.parametrize("percentile", list(FEWEST_FOR_PERCENTILE))
def test_the_fewest_values_follow_from_the_binomial_distribution(percentile: int) -> None:
    above = 1 - percentile / 100

    def at_most_one_above(count: int) -> float:
        return (1 - above) ** count + count * above * (1 - above) ** (count - 1)

    fewest = FEWEST_FOR_PERCENTILE[percentile]
    assert at_most_one_above(fewest) <= 0.01 < at_most_one_above(fewest - 1)


# That neighbours resemble each other cannot be seen in 5 or 30 values.
@pytest.mark.parametrize(("count", "correlation"), [(5, 0.0), (30, 0.0), (100, 0.0), (100, 0.4)])
def test_the_interval_of_the_mean_holds_the_truth_about_95_times_in_100(
    count: int, correlation: float
) -> None:
    generator = random.Random(7)
    hits, trials = 0, 2000
    for _ in range(trials):
        noise, values = generator.gauss(0, 1), []
        for _ in range(count):
            noise = correlation * noise + math.sqrt(1 - correlation**2) * generator.gauss(0, 1)
            values.append(100 + noise)
        u95 = mean_u95(values)
        assert u95 is not None
        hits += abs(sum(values) / count - 100) <= u95
    assert 0.92 <= hits / trials <= 0.985


def test_the_interval_of_a_percentile_holds_the_truth_at_least_95_times_in_100() -> None:
    generator = random.Random(3)
    truth, hits, trials = math.log(10), 0, 1000  # the 90th percentile of an exponential distribution
    for _ in range(trials):
        latency = latency_of([generator.expovariate(1.0) for _ in range(100)])
        assert latency is not None
        low, high = latency.quantile_intervals_s[90]
        hits += low <= truth <= high
    assert hits / trials >= 0.94


@pytest.mark.parametrize(
    ("degrees_of_freedom", "factor"),
    [
        (1, 12.7062),
        (5, 2.57058),
        (11, 2.20099),
        (20, 2.08596),
        (30, 2.04227),
        (100, 1.98397),
        (math.inf, 1.95996),
    ],
)
def test_coverage_factors_are_those_of_the_t_table(degrees_of_freedom: float, factor: float) -> None:
    assert coverage_factor(degrees_of_freedom) == pytest.approx(factor, rel=2e-4)


def test_fractional_degrees_of_freedom_are_cut_off() -> None:
    assert coverage_factor(4.9) == coverage_factor(4)
    assert coverage_factor(0.3) == coverage_factor(1)
