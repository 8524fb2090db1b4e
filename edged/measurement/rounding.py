"""How far the mean of rounded values may be off.

Rounding errors average out only where noise, drift or load carry the values over several steps. On a quiet
rail all readings round alike: that is a bias, up to half a step.

```
 step n + 1   ──────────────●──●────────────●──────     share p of the readings
                                                        the true level lies between the border (p = 1/2)
 border       - - - - - - - - - - - - - - - - - - -     and its own side of it
 step n       ──●──●──●──●───────●──●──●──●────●───     share 1 - p
```
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from edged.measurement.sensor_facts import SensorFacts
from edged.power.reading import Reading

# Two neighbouring steps with this share of the readings are all there is; the rest is disturbance.
_NEARLY_ALL = 0.9
# Readings that are looked at together.
_STRETCH = 32


def rounding_limit(values: Sequence[float], step: float) -> float:
    """Limit of the error of the mean of rounded values, in their unit.

    A slow drift carries the level from step to step, so the values are looked at by stretches. Stretches
    round on the same step alike; those on different steps have nothing to do with each other.

    Args:
        values: What was read while one level held, in order of time.
        step: Step of the values; 0 for no rounding.
    """
    if not step or not values:
        return 0.0
    levels: dict[int, float] = defaultdict(float)
    for start in range(0, len(values), _STRETCH):
        counts = Counter(round(value / step) for value in values[start : start + _STRETCH])
        level = max(counts, key=lambda key: counts[key])
        levels[level] += _limit(counts, level) * counts.total() / len(values)
    return step * math.hypot(*levels.values())


def _limit(counts: Counter[int], level: int) -> float:
    """Limit of the error of one stretch, in steps, from how often each step was read.

    * One step, or two neighbours with the upper one's share p: the border between them lies at p = 1/2
      whatever the noise, so that the mean is off by |1/2 - p| steps at most.
    * More steps: noise of s steps leaves exp(-2 (pi n s)^2) of the n-th harmonic, 1 / (pi n) high, of the
      saw-tooth that the rounding error is. What is seen of the noise has the rounding in it.
    """
    neighbour = max((level - 1, level + 1), key=lambda key: counts[key])
    pair = counts[level] + counts[neighbour]
    if pair >= _NEARLY_ALL * counts.total():
        return 0.5 - counts[neighbour] / pair
    mean = sum(key * count for key, count in counts.items()) / counts.total()
    spread = sum((key - mean) ** 2 * count for key, count in counts.items()) / counts.total()
    noise = max(0.0, spread - 1 / 12)
    variance = sum(math.exp(-4 * math.pi**2 * n * n * noise) / (2 * math.pi**2 * n * n) for n in range(1, 6))
    return math.sqrt(3 * variance)


def level_limit_uw(readings: Sequence[Reading], facts: SensorFacts) -> float:
    """Limit of the rounding error of the mean power of readings of one level, in microwatts."""
    if not readings:
        return 0.0
    step = facts.step(readings[0])
    currents_ua = [reading.current_ua for reading in readings if reading.current_ua is not None]
    if step.current_ua and currents_ua:
        return rounding_limit(currents_ua, step.current_ua) * step.power_uw / step.current_ua
    return rounding_limit([reading.power_uw for reading in readings], step.power_uw)
