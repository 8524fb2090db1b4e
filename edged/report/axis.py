"""From a value to a place on paper, and where the ticks go."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 8
# Room between the outermost values and the frame, as a share of the axis.
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a plot.

    Attributes:
        low: Value where it begins.
        high: Value where it ends; greater than `low`.
        logarithmic: Whether equal ratios are equally long; both ends are positive then.
    """

    low: float
    high: float
    logarithmic: bool = False

    @classmethod
    def around(cls, values: Iterable[float], *, logarithmic: bool = False) -> "Axis":
        """An axis that shows all values, with some room at both ends.

        Args:
            values: At least one; all positive where it is logarithmic.
            logarithmic: Whether equal ratios are equally long.
        """
        values = list(values)
        low, high = min(values), max(values)
        if logarithmic:
            factor = max(high / low, 2.0) ** _MARGIN
            return cls(low / factor, high * factor, logarithmic=True)
        room = (high - low or abs(high) or 1.0) * _MARGIN
        return cls(low - room, high + room)

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the beginning, 1 at the end."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round values on the axis, in order; two to eight of them where it has that many."""
        if not self.logarithmic or self.high / self.low < 5:
            return self._linear_ticks()
        for steps in ((1, 2, 5), (1, 3), (1,)):
            ticks = self._logarithmic_ticks(steps)
            if len(ticks) <= _MOST_TICKS:
                break
        return ticks

    def _linear_ticks(self) -> list[float]:
        rough = (self.high - self.low) / (_MOST_TICKS - 1)
        magnitude = 10.0 ** math.floor(math.log10(rough))
        step = next(step * magnitude for step in _STEPS if step * magnitude >= rough * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        # The product of an integer with a power of ten carries binary dust: 3 * 0.1.
        digits = max(0, -math.floor(math.log10(step)))
        return [round(n * step, digits) for n in range(first, last + 1)]

    def _logarithmic_ticks(self, steps: tuple[int, ...]) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        ticks = [float(f"{step}e{decade}") for decade in decades for step in steps]
        return [tick for tick in ticks if self.low <= tick <= self.high]
