"""How much of the inferences a chip has watched that looks at the current only half of the time.

```
 conversions  |shunt| bus |shunt| bus |shunt| bus |shunt| bus |
 inference          ██████████████████████████
 watched            ██    █████      ██████                         x 2 = what the reading shows as busy
```

Over a long inference it is half of the time, and twice the half is right. At each end of an inference up
to 1.1 ms too much or too little is seen: 5 % of an inference of 18 ms. Where the intervals of the readings
are known well, this can be worked out. Where they lie exactly, the readings at the ends of inferences
tell: their power must agree with what the chip has watched.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from edged.measurement.windows import BusyTime
from edged.power.chip_facts import nearest_averages

_STEPS = 8  # of the shifts that are tried, in each direction
_REACH = 3.0  # standard uncertainties


@dataclass(frozen=True, slots=True)
class Excess:
    """A reading that touches a window, with its energy above the baseline.

    Attributes:
        start_ns: Where its interval begins.
        end_ns: Where it ends.
        energy_uwns: Energy above the baseline, in uW x ns (femtojoules).
    """

    start_ns: int
    end_ns: int
    energy_uwns: int

    @property
    def duration_ns(self) -> int:
        """Duration of the interval."""
        return self.end_ns - self.start_ns


@dataclass(frozen=True, slots=True)
class Watched:
    """What is likely to have been watched.

    Attributes:
        busy_ns: Busy time that each reading shows.
        energy_uwns: Best estimate of the energy of all busy time, in uW x ns.
        deviation_uwns: Standard uncertainty of that energy, from not knowing where the intervals lie.
    """

    busy_ns: list[float]
    energy_uwns: float
    deviation_uwns: float


def shown_busy_ns(reading: Excess, busy: BusyTime, pair_ns: float, shift_ns: float) -> float:
    """Busy time that a reading shows, if its interval really lies `shift_ns` later.

    Args:
        reading: The reading.
        busy: The inferences.
        pair_ns: True duration of a pair of conversions; 0 if the sensor never looks away.
        shift_ns: How much later the interval lies.
    """
    start_ns, end_ns = reading.start_ns + shift_ns, reading.end_ns + shift_ns
    if not pair_ns:
        return busy.between(start_ns, end_ns)
    parts = busy.parts(start_ns, end_ns)
    if len(parts) == 1 and parts[0] == (start_ns, end_ns):
        return end_ns - start_ns
    # Counted from the end: the start of an interval may be cut off where it overlapped the one before.
    first_ns = end_ns - round(reading.duration_ns / pair_ns) * pair_ns
    return 2 * sum(
        _watched(end - first_ns, pair_ns) - _watched(start - first_ns, pair_ns) for start, end in parts
    )


def _true_pair_ns(readings: Sequence[Excess], pair_ns: int) -> float:
    """Duration of a pair of conversions by the chip's own clock, which may be 10 % off."""
    duration_ns = median(reading.duration_ns for reading in readings)
    return duration_ns / nearest_averages(duration_ns, pair_ns) if pair_ns else 0.0


def _watched(elapsed_ns: float, pair_ns: float) -> float:
    """Time in shunt conversions since the interval began; they come first in each pair."""
    pairs, rest_ns = divmod(elapsed_ns, pair_ns)
    return pairs * pair_ns / 2 + min(rest_ns, pair_ns / 2)


def watched(
    readings: Sequence[Excess], busy: BusyTime, pair_ns: int, timing_ns: float, noise_uwns: float
) -> Watched | None:
    """Weigh all places where the intervals may lie by how well the readings agree with them.

    Args:
        readings: Those that touch a window.
        busy: The inferences.
        pair_ns: Nominal duration of a pair of conversions; 0 if the sensor never looks away.
        timing_ns: Standard uncertainty of where the intervals lie.
        noise_uwns: Standard deviation of one reading's energy, in uW x ns.

    Returns:
        None if the readings show no busy time at all.
    """
    reach = min(_REACH * timing_ns, pair_ns / 2) if pair_ns else 0.0
    shifts = [reach * step / _STEPS for step in range(-_STEPS, _STEPS + 1)] if reach else [0.0]
    total = sum(reading.energy_uwns for reading in readings)
    whole = [_wholly_busy(reading, busy, reach) for reading in readings]
    true_pair_ns = _true_pair_ns(readings, pair_ns)
    edges = [reading for reading, full in zip(readings, whole, strict=True) if full is None]
    whole_ns = sum(full for full in whole if full is not None)
    trials = []
    for shift_ns in shifts:
        shown = [shown_busy_ns(reading, busy, true_pair_ns, shift_ns) for reading in edges]
        seen = whole_ns + sum(shown)
        if seen <= 0:
            continue
        power = total / seen
        misfit = sum(
            (reading.energy_uwns - power * part) ** 2 for reading, part in zip(edges, shown, strict=True)
        )
        trials.append((shift_ns, shown, power * busy.total_ns, misfit))
    if not trials:
        return None
    at_edges, energy_uwns, deviation_uwns = _weighed(trials, timing_ns, noise_uwns)
    parts = iter(at_edges)
    busy_ns = [next(parts) if full is None else full for full in whole]
    return Watched(busy_ns, energy_uwns, deviation_uwns)


def _wholly_busy(reading: Excess, busy: BusyTime, reach_ns: float) -> float | None:
    """The duration of a reading without an inference's end near it; 0 far from any inference; else None."""
    duration_ns = reading.end_ns - reading.start_ns
    around = busy.between(reading.start_ns - reach_ns, reading.end_ns + reach_ns)
    if around == 0:
        return 0.0
    return float(duration_ns) if around >= duration_ns + 2 * reach_ns else None


def _weighed(
    trials: list[tuple[float, list[float], float, float]], timing_ns: float, noise_uwns: float
) -> tuple[list[float], float, float]:
    """Means over the trials, each with its probability (Bayes, normal errors), and the energy's deviation."""
    least = min(misfit for *_, misfit in trials)
    variance = max(noise_uwns * noise_uwns, least / max(1, len(trials[0][1]) - 2), 1.0)
    weights = [
        math.exp(-(misfit - least) / (2 * variance) - (shift_ns / timing_ns) ** 2 / 2 if timing_ns else 0.0)
        for shift_ns, _, _, misfit in trials
    ]
    total = sum(weights)
    energy = sum(weight * trial[2] for weight, trial in zip(weights, trials, strict=True)) / total
    spread = (
        sum(weight * (trial[2] - energy) ** 2 for weight, trial in zip(weights, trials, strict=True)) / total
    )
    busy_ns = [
        sum(weight * part for weight, part in zip(weights, parts, strict=True)) / total
        for parts in zip(*(shown for _, shown, _, _ in trials), strict=True)
    ]
    return busy_ns, energy, math.sqrt(spread)
