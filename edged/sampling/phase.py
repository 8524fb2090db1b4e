"""When a chip updates its registers: recovered from what reads of them show.

A chip finishes an average every period and then changes all its registers at once. Its clock may be 10 %
off the data sheet, and drifts. Two equal reads say nothing, for two averages can be equal. Two different
reads say that an update lies between them:

```
 registers   aaaaaaaaaaaaaa│bbbbbbbbbbbbbbbbbbb│bbbbbbbbbbbbbbbbbb│cccccccc
 reads          ▯        ▯   ▯         ▯                          │   ▯
                         └─U─┘ an update lies between the beginning of the first and the end of the second
```

The estimate is a two-dimensional normal distribution of (moment of an update, period), as in a Kalman
filter. An observation is an interval, not a value with noise, so the distribution is cut off outside the
interval and replaced by the normal distribution with the same mean and variance. Inside the interval an
observation changes nothing, as it should be.
"""

import math
from typing import NamedTuple

from edged.power.chip_facts import CONVERSION_TIME_TOLERANCE
from edged.sampling.cut_normal import cut_normal

# Of a period: the phase is known, and a read in between updates is certain, when its standard uncertainty is
# less.
KNOWN = 1 / 12
SURE = 4.0  # standard uncertainties that a read keeps away from an update
# How fast a chip's clock may wander, relative, per square root of a second: the RC oscillator follows the
# die's temperature, a few degrees in a second at most and about 20 ppm for each.
_WANDER = 2e-5
_WANDER_VAR_PER_NS3 = _WANDER**2 * 1e-9 / 3  # of a moment: the integral of a random walk
# Share of a period from which on an update cannot be told from its neighbours: they are 7 of these apart.
_LOST = 0.15
_SOON = 256  # updates between two contradictions: chips are not reset that often
# So many times in a row on the same side of a coin toss: the estimate is surer of itself than it should be.
_STREAK = 5
# Nominal periods of two settings are in the ratio of their averaging counts, to about this much.
_ROUNDING = 1e-4


class Update(NamedTuple):
    """One update of the registers, as far as its moment is known.

    Attributes:
        number: Neighbours differ by one.
        at_ns: Best estimate of its monotonic time.
        uncertainty_ns: Standard uncertainty of that.
    """

    number: int
    at_ns: float
    uncertainty_ns: float


class Phase:
    """The moments of one chip's updates, as far as they are known.

    Attributes:
        period_ns: Best estimate of the true period.

    Args:
        nominal_ns: Period that the chip's settings promise.
        at_ns: A moment to begin with; nothing is known about the phase yet.
    """

    def __init__(self, nominal_ns: int, at_ns: int) -> None:
        """Know the nominal period and nothing else."""
        self._nominal_ns = float(nominal_ns)
        self._index = 0
        self.period_ns = float(nominal_ns)
        self._period_var = (nominal_ns * CONVERSION_TIME_TOLERANCE) ** 2 / 3
        self._streak = 0
        self._contradicted_at = -_SOON
        self.lost(at_ns)

    @property
    def period_uncertainty_ns(self) -> float:
        """Standard uncertainty of the period."""
        return math.sqrt(self._period_var)

    def uncertainty_ns(self, at_ns: int) -> float:
        """Standard uncertainty of the moment of the update nearest to `at_ns`."""
        return math.sqrt(min(self._variance(self._nearest(at_ns)), self._unknown_var))

    def knows(self, update: Update) -> bool:
        """Whether the moment of an update is known well enough to read right behind it."""
        return update.uncertainty_ns < KNOWN * self.period_ns

    def moment_ns(self, index: int) -> float:
        """Best estimate of the monotonic time of the update with that number; neighbours differ by one."""
        return self._moment + (index - self._index) * self.period_ns

    def moment_uncertainty_ns(self, index: int) -> float:
        """Standard uncertainty of that moment."""
        return math.sqrt(self._variance(index))

    def update(self, index: int) -> Update:
        """The update with that number."""
        at_ns = self._moment + (index - self._index) * self.period_ns
        return Update(index, at_ns, math.sqrt(self._variance(index)))

    def last_before(self, at_ns: int) -> int:
        """Number of the last update before `at_ns`, by the best estimate."""
        return self._index + math.floor((at_ns - self._moment) / self.period_ns)

    def coming(self, at_ns: int) -> Update:
        """The first update after `at_ns`, by the best estimate."""
        return self.update(self.last_before(at_ns) + 1)

    def restarted(self, before_ns: int, after_ns: int, nominal_ns: int) -> None:
        """The chip's settings were written between two moments, so that it began a new average there.

        What was learned of the chip's clock is kept: it is the same for all settings.

        Args:
            before_ns: Just before the write.
            after_ns: Just after it.
            nominal_ns: Period that the new settings promise, as the driver tells it.
        """
        ratio = nominal_ns / self._nominal_ns
        rounding_var = (_ROUNDING * nominal_ns) ** 2 if nominal_ns != self._nominal_ns else 0.0
        self._nominal_ns = float(nominal_ns)
        self.period_ns *= ratio
        self._period_var = self._period_var * ratio * ratio + rounding_var
        self._index = self.last_before(after_ns) + 1 if ratio == 1.0 else self._index + 1
        self._anchor(before_ns, after_ns)

    def lost(self, at_ns: int) -> None:
        """Nothing is known about the phase any more; the period stays as it was learned."""
        self._moment = float(at_ns)
        self._moment_var = self._unknown_var
        self._covariance = 0.0

    def observe(self, low_ns: int, high_ns: int) -> bool:
        """Take in that an update lies between two moments.

        Args:
            low_ns: Beginning of a read that did not show the update.
            high_ns: End of a read that did.

        Returns:
            False if this contradicts what was known: the chip has begun anew.
        """
        index = self._between(low_ns, high_ns)
        if index is None:
            return True
        variance = self._variance(index)
        if variance > (_LOST * self.period_ns) ** 2:
            self._forward(index)
            self._anchor(low_ns, high_ns)
            return True
        deviation = math.sqrt(variance)
        at = self.moment_ns(index)
        low, high = (low_ns - at) / deviation, (high_ns - at) / deviation
        if low < -4.0 and high > 4.0:
            return True  # nothing that was not known
        cut = cut_normal(low, high)
        if cut is None:
            self._contradicted(index)
            self._anchor(low_ns, high_ns)
            return False
        self._forward(index)
        self._learn(*cut)
        self._watch_streak(low, high)
        return True

    def _between(self, low_ns: int, high_ns: int) -> int | None:
        """Number of the one update that lies between two moments; None if there may be several."""
        if high_ns - low_ns < 0.6 * self.period_ns:
            return self._nearest((low_ns + high_ns) // 2)
        index = self._nearest(high_ns)
        aside = 4.0 * math.sqrt(self._variance(index))
        before, after = self.moment_ns(index - 1) + aside, self.moment_ns(index + 1) - aside
        return index if before < low_ns and high_ns < after else None

    def _nearest(self, at_ns: int) -> int:
        return self._index + round((at_ns - self._moment) / self.period_ns)

    def _variance(self, index: int) -> float:
        steps = index - self._index
        wander_var = _WANDER_VAR_PER_NS3 * abs(steps * self.period_ns) ** 3
        return self._moment_var + steps * (2 * self._covariance + steps * self._period_var) + wander_var

    def _forward(self, index: int) -> None:
        """Make `index` the update that the estimate speaks of."""
        steps = index - self._index
        if steps == 0:
            return
        elapsed_s = abs(steps) * self.period_ns * 1e-9
        wander_var = (_WANDER * self.period_ns) ** 2 * elapsed_s
        self._moment_var = self._variance(index)
        self._moment = self.moment_ns(index)
        self._covariance += steps * self._period_var + steps * wander_var / 2
        self._period_var += wander_var
        self._index = index

    def _contradicted(self, index: int) -> None:
        """The chip has begun anew, which leaves its period; or the period was wrong all the time."""
        self._forward(index)
        since, self._contradicted_at = index - self._contradicted_at, index
        if since < _SOON or abs(self.period_ns / self._nominal_ns - 1) > 1.2 * CONVERSION_TIME_TOLERANCE:
            self.period_ns = self._nominal_ns
            self._period_var = (self._nominal_ns * CONVERSION_TIME_TOLERANCE) ** 2 / 3
        else:
            self._period_var = max(self._period_var, (0.01 * self.period_ns) ** 2)

    def _learn(self, shift: float, shrink: float) -> None:
        """Shift the moment by so many standard deviations, and shrink its variance to that share."""
        gain = self._covariance / self._moment_var
        step = shift * math.sqrt(self._moment_var)
        loss = self._moment_var * (1.0 - shrink)
        self._moment += step
        self.period_ns += gain * step
        self._period_var -= gain * gain * loss
        self._covariance -= gain * loss
        self._moment_var -= loss

    def _watch_streak(self, low: float, high: float) -> None:
        side = 1 if low > -1.5 and high > 1.5 else -1 if low < -1.5 and high < 1.5 else 0
        if side:
            self._streak = self._streak + side if self._streak * side > 0 else side
        if abs(self._streak) >= _STREAK:
            self._streak = 0
            self._moment_var *= 4
            self._covariance *= 4
            self._period_var *= 4

    def _anchor(self, low_ns: int, high_ns: int) -> None:
        """The update `_index` lies evenly between two moments; its moment says nothing about the period."""
        self._moment = (low_ns + high_ns) / 2
        self._moment_var = max(1.0, (high_ns - low_ns) ** 2 / 12)
        self._covariance = 0.0
        self._streak = 0

    @property
    def _unknown_var(self) -> float:
        """Of a moment that may be anywhere in a period."""
        return self.period_ns**2 / 12
