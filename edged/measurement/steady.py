"""Whether a series of latencies is level: warm-up is over, and nothing drifts."""

import math
from collections.abc import Sequence
from statistics import fmean, variance

# A drift of less than this share of the mean is of no consequence to anybody who deploys a model.
_NEGLIGIBLE_RATIO = 0.03
_SIGNIFICANCE = 3.0
_FEWEST = 8


def drift_ratio(latencies_s: Sequence[float]) -> float | None:
    """How much the second half of a series differs from the first, where that is no accident.

    The halves are compared as Welch's test does, with their means' standard errors taken from batches of
    neighbours, since neighbours resemble each other.

    Args:
        latencies_s: Latencies in order of time, in seconds.

    Returns:
        (second - first) / mean, or None if the series is level or too short to tell.
    """
    if len(latencies_s) < _FEWEST:
        return None
    middle = len(latencies_s) // 2
    first, second = latencies_s[:middle], latencies_s[middle:]
    drift_s = fmean(second) - fmean(first)
    ratio = drift_s / fmean(latencies_s)
    error_s = math.hypot(_standard_error(first), _standard_error(second))
    if abs(ratio) <= _NEGLIGIBLE_RATIO or abs(drift_s) <= _SIGNIFICANCE * error_s:
        return None
    return ratio


def _standard_error(values: Sequence[float]) -> float:
    size = max(1, len(values) // 8)
    means = [fmean(values[start : start + size]) for start in range(0, len(values) - size + 1, size)]
    return math.sqrt(variance(means) / len(means))
