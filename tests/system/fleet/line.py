"""Straight lines through what was measured, with what they miss."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`value = base + slope * boards`.

    Attributes:
        base: What is there without a board.
        slope: What each board adds.
        residuals: Measured less fitted, as a share of what was measured.
    """

    base: float
    slope: float
    residuals: tuple[float, ...]

    def at(self, boards: float) -> float:
        """The value at so many boards."""
        return self.base + self.slope * boards


def fitted(boards: Sequence[float], values: Sequence[float]) -> Line:
    """The line with the least squares of relative errors: the small fleets count as much as the large one."""
    weights = [1 / value**2 if value else 0.0 for value in values]
    total = sum(weights)
    mean_x = sum(w * x for w, x in zip(weights, boards, strict=True)) / total
    mean_y = sum(w * y for w, y in zip(weights, values, strict=True)) / total
    across = sum(w * (x - mean_x) ** 2 for w, x in zip(weights, boards, strict=True))
    along = sum(w * (x - mean_x) * (y - mean_y) for w, x, y in zip(weights, boards, values, strict=True))
    slope = along / across
    base = mean_y - slope * mean_x
    misses = tuple((y - base - slope * x) / y if y else 0.0 for x, y in zip(boards, values, strict=True))
    return Line(base, slope, misses)
