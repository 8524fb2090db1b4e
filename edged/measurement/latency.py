"""The latency of a case: its mean with uncertainty, and the percentiles that the count carries."""

import math
from collections.abc import Sequence
from itertools import accumulate
from statistics import fmean, variance

from edged.measurement.result import Latency
from edged.measurement.student import coverage_factor

# The fewest values from which a percentile may be told: the smallest n of which, with 99 % confidence, two
# or more exceed the true percentile, P(X <= 1) <= 1 % for X ~ B(n, 1 - percentile / 100). It is the rule by
# which MLPerf's load generator stops early.
FEWEST_FOR_PERCENTILE = {50: 11, 90: 64, 99: 662}
_BATCHES = 10
_FEWEST_FOR_BATCHES = 4 * _BATCHES


def latency_of(latencies_s: Sequence[float]) -> Latency | None:
    """Summarise the latencies of one measurement, in order of time.

    Args:
        latencies_s: One latency per inference that counts, in seconds.

    Returns:
        None if there are none.
    """
    if not latencies_s:
        return None
    ordered = sorted(latencies_s)
    carried = [p for p, fewest in FEWEST_FOR_PERCENTILE.items() if len(ordered) >= fewest]
    return Latency(
        mean_s=fmean(latencies_s),
        u95_s=mean_u95(latencies_s),
        quantiles_s={p: ordered[math.ceil(p * len(ordered) / 100) - 1] for p in carried},
        quantile_intervals_s={p: _interval(p, ordered) for p in carried},
        count=len(ordered),
    )


def mean_u95(values: Sequence[float]) -> float | None:
    """Half width of the 95 % interval of the mean of a series in order of time.

    Neighbours resemble each other (one interrupt, one cache state, one clock step), so that the usual
    standard error is too small. From 40 values on, the means of ten batches stand for independent values
    (the method of batch means); the larger of the two standard errors counts.

    Returns:
        None for fewer than two values.
    """
    count = len(values)
    if count < 2:
        return None
    plain = coverage_factor(count - 1) * math.sqrt(variance(values) / count)
    if count < _FEWEST_FOR_BATCHES:
        return plain
    size = count // _BATCHES
    means = [fmean(values[start : start + size]) for start in range(0, size * _BATCHES, size)]
    return max(plain, coverage_factor(_BATCHES - 1) * math.sqrt(variance(means) / _BATCHES))


def _interval(percentile: int, ordered: Sequence[float]) -> tuple[float, float]:
    """Order statistics that enclose the true percentile with 95 % confidence, whatever the distribution."""
    count = len(ordered)
    cumulative = list(accumulate(_binomial(count, percentile / 100.0)))
    low = max((rank for rank in range(count) if cumulative[rank] <= 0.025), default=0)
    high = min((rank for rank in range(count) if cumulative[rank] >= 0.975), default=count - 1)
    return ordered[low], ordered[high]


def _binomial(count: int, probability: float) -> list[float]:
    """P(X = k) for k = 0 to count; by logarithms, so that thousands of trials do not underflow."""
    odds, log_all = math.log(probability / (1.0 - probability)), count * math.log1p(-probability)
    log_ways = math.lgamma(count + 1)
    return [
        math.exp(log_ways - math.lgamma(k + 1) - math.lgamma(count - k + 1) + k * odds + log_all)
        for k in range(count + 1)
    ]
