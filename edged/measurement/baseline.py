"""The idle baseline: what the rail would have drawn without the inferences.

Each run of idle readings gives one level at its middle; in between, the baseline is a straight line from
level to level. So it follows a slow drift (leakage grows with temperature) without a model of it, and with
two runs, before and after, it is the straight line through both.

```
 readings   - - - - -  = = = =  - - -  = = = =  - - - - -      - idle   = of a window
 levels         o                 o                 o
 baseline   oooooooooooooooooooooooooooooooooooooooooooooo     straight from level to level
```
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from statistics import fmean

from edged.power.reading import Reading
from edged.sampling.trace import Timed

# Between windows a run of fewer readings says more about the window's edges than about idling.
_FEWEST_BETWEEN = 3
# Readings so close together in time that one disturbance may be in all of them.
_TOGETHER_NS = 100_000_000
_FEWEST_FOR_LINE = 8


@dataclass(frozen=True, slots=True)
class Level:
    """The mean of one run of idle readings.

    Attributes:
        at_ns: Middle of the run.
        power_uw: Mean power in microwatts.
        duration_ns: Time that the run's readings cover.
    """

    at_ns: float
    power_uw: float
    duration_ns: int


class Baseline:
    """Straight lines between the levels of idle runs, and how well they are known.

    Args:
        runs: Runs of idle readings in order of time, at least one, none empty.
    """

    def __init__(self, runs: Sequence[Sequence[Reading]]) -> None:
        """Work out the levels and the scatter round them."""
        last = len(runs) - 1
        kept = [run for index, run in enumerate(runs) if index in {0, last} or len(run) >= _FEWEST_BETWEEN]
        self.levels = [_level(run) for run in kept]
        self._ats_ns = [level.at_ns for level in self.levels]
        self.density, self.degrees_of_freedom = _density(kept)

    def power_uw(self, at_ns: float) -> int:
        """The baseline at a moment, in whole microwatts: idle and net then add up exactly."""
        return round(sum(self.levels[index].power_uw * share for index, share in self._shares(at_ns)))

    def excess_uwns(self, reading: Reading) -> int:
        """Energy of a reading above the baseline, exact, in uW x ns (1e-15 J)."""
        power_uw = reading.power_uw - self.power_uw((reading.start_ns + reading.end_ns) / 2)
        return power_uw * (reading.end_ns - reading.start_ns)

    def deviation_uwns(self, stretches: Sequence[Timed]) -> float:
        """Standard uncertainty of the baseline's energy over readings, from the scatter, in uW x ns."""
        weights = [0.0] * len(self.levels)
        for stretch in stretches:
            for index, share in self._shares((stretch.start_ns + stretch.end_ns) / 2):
                weights[index] += share * (stretch.end_ns - stretch.start_ns)
        return math.sqrt(
            sum(
                weight * weight * self.density / level.duration_ns
                for weight, level in zip(weights, self.levels, strict=True)
            )
        )

    def drift_uwns(self, stretches: Sequence[Timed]) -> float:
        """Standard uncertainty of the baseline's energy because it need not run straight, in uW x ns.

        A baseline that only rises, or only falls, from one level to the next deviates from the straight
        line by half of the difference on average, at most. Near none is more probable than at most: a
        triangular distribution, so half of the difference / sqrt(6) (GUM 4.3.9).
        """
        gaps: dict[int, int] = {}
        for stretch in stretches:
            shares = self._shares((stretch.start_ns + stretch.end_ns) / 2)
            if len(shares) == 2:
                index = shares[0][0]
                gaps[index] = gaps.get(index, 0) + stretch.end_ns - stretch.start_ns
        variance = 0.0
        for index, duration_ns in gaps.items():
            one, other = self.levels[index], self.levels[index + 1]
            noise = self.density / one.duration_ns + self.density / other.duration_ns
            difference = max(0.0, (other.power_uw - one.power_uw) ** 2 - noise)
            variance += difference / 24.0 * duration_ns * duration_ns
        return math.sqrt(variance)

    def _shares(self, at_ns: float) -> list[tuple[int, float]]:
        """How much each level counts at a moment."""
        after = bisect_right(self._ats_ns, at_ns)
        if after == 0:
            return [(0, 1.0)]
        if after == len(self._ats_ns):
            return [(after - 1, 1.0)]
        before = after - 1
        share = (at_ns - self._ats_ns[before]) / (self._ats_ns[after] - self._ats_ns[before])
        return [(before, 1.0 - share), (after, share)]


def _level(run: Sequence[Reading]) -> Level:
    duration_ns = sum(reading.end_ns - reading.start_ns for reading in run)
    energy = sum(reading.power_uw * (reading.end_ns - reading.start_ns) for reading in run)
    return Level((run[0].start_ns + run[-1].end_ns) / 2, energy / duration_ns, duration_ns)


def _density(runs: Sequence[Sequence[Reading]]) -> tuple[float, int]:
    """Variance of a mean over a time, times that time, in uW^2 x ns, and its degrees of freedom.

    The variance of a reading falls with its duration. One disturbance may last over several short
    readings: their correlation counts over 0.1 s.
    """
    total, degrees = 0.0, 0
    for run in runs:
        offs, taken = _residuals(run)
        if not taken:
            continue
        duration_ns = sum(reading.end_ns - reading.start_ns for reading in run)
        squares = sum(off * off for off in offs)
        reach = min(len(run) // 4, round(_TOGETHER_NS * len(run) / duration_ns))
        products = sum(sum(map(mul, offs, offs[lag:])) for lag in range(1, reach + 1))
        total += max(squares, squares + 2 * products) * len(run) / (len(run) - taken)
        degrees += len(run) - taken
    readings = sum(len(run) for run in runs if len(run) > 1)
    return (total / readings, degrees) if degrees else (0.0, 0)


def _residuals(run: Sequence[Reading]) -> tuple[list[float], int]:
    """Distances of a run's readings from their mean, each times the root of its duration.

    A long run may drift: its straight line is taken off too. Also tells how many parameters that took;
    0 if there is nothing to tell.
    """
    count = len(run)
    if count < 2:
        return [], 0
    mean = fmean(reading.power_uw for reading in run)
    slope, taken = 0.0, 1
    if count >= _FEWEST_FOR_LINE:
        middle = (count - 1) / 2
        slope = sum((index - middle) * reading.power_uw for index, reading in enumerate(run))
        slope *= 12.0 / (count * (count * count - 1))
        taken = 2
    return [
        (reading.power_uw - mean - slope * (index - (count - 1) / 2))
        * math.sqrt(reading.end_ns - reading.start_ns)
        for index, reading in enumerate(run)
    ], taken
