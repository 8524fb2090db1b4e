"""Which models are worth deploying: those that no other beats in accuracy and in cost at once.

```
 accuracy │            ● ┄ certain: nothing reaches its upper left, even within U95
          │      ◌──┐    ◌ optimal: what is to its upper left is so by less than U95
          │  ●──────┘  ∙ dominated: another is as accurate and cheaper
          └──────────────── cost
```

A point *dominates* another if it is at least as accurate and at most as costly, and better in one of the two.
Points that are equal in both dominate neither each other.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """What is traded.

    Attributes:
        accuracy_ratio: Top-1 accuracy, 0 to 1; more is better.
        cost: Latency in seconds, size in bytes or energy in joules; less is better.
        cost_u95: Half width of its 95 % interval, 0 where it is exact; None where it is not known.
    """

    accuracy_ratio: float
    cost: float
    cost_u95: float | None = 0.0

    @property
    def lowest_cost(self) -> float:
        """The lower end of the cost's interval."""
        return -math.inf if self.cost_u95 is None else self.cost - self.cost_u95

    @property
    def highest_cost(self) -> float:
        """The upper end of the cost's interval."""
        return math.inf if self.cost_u95 is None else self.cost + self.cost_u95


@dataclass(frozen=True, slots=True)
class Standing:
    """How a point stands among others.

    Attributes:
        optimal: No other point dominates it, by the best estimates.
        certain: No other point can dominate it, wherever in their 95 % intervals the costs lie and
            however their errors depend on each other. What is certain is optimal too.
    """

    optimal: bool
    certain: bool


def dominates(one: Point, other: Point) -> bool:
    """Whether the best estimates say that `one` leaves no reason to take `other`."""
    return _beats(one.accuracy_ratio - other.accuracy_ratio, one.cost, other.cost)


def can_dominate(one: Point, other: Point) -> bool:
    """Whether `one` dominates `other` for some costs in their 95 % intervals."""
    return _beats(one.accuracy_ratio - other.accuracy_ratio, one.lowest_cost, other.highest_cost)


def standings(points: Sequence[Point]) -> list[Standing]:
    """How each point stands among all of them, in their order."""
    return [
        Standing(
            optimal=not any(dominates(other, point) for other in points),
            certain=not any(
                can_dominate(other, point) for place, other in enumerate(points) if place != own_place
            ),
        )
        for own_place, point in enumerate(points)
    ]


def front(points: Iterable[Point]) -> list[Point]:
    """The optimal points, the cheapest first."""
    points = list(points)
    optimal = [point for point, standing in zip(points, standings(points), strict=True) if standing.optimal]
    return sorted(optimal, key=lambda point: (point.cost, point.accuracy_ratio))


def _beats(more_accurate: float, cost: float, other_cost: float) -> bool:
    if more_accurate == 0:
        return cost < other_cost
    return more_accurate > 0 and cost <= other_cost
