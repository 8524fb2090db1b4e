"""Which models are worth deploying: those that no other beats in accuracy and in cost at once.

```
 accuracy │            ● ┄ certain: nothing reaches its upper left, even within U95
          │      ◌──┐    ◌ optimal: what is to its upper left is so by less than U95
          │  ●──────┘  ∙ dominated: another is as accurate and cheaper
          └──────────────── cost
```

A point *dominates* another if it is at least as accurate and in no cost dearer, and better in one of these.
Points that are equal in all of them dominate neither each other. With two costs there is no line through the
front any more: it has what is fast, what is frugal, and what is a bit of both.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """What a point costs in one respect.

    Attributes:
        value: Latency in seconds, size in bytes or energy in joules; less is better.
        u95: Half width of its 95 % interval, 0 where it is exact; None where it is not known.
    """

    value: float
    u95: float | None = 0.0

    @property
    def lowest(self) -> float:
        """The lower end of its interval."""
        return -math.inf if self.u95 is None else self.value - self.u95

    @property
    def highest(self) -> float:
        """The upper end of its interval."""
        return math.inf if self.u95 is None else self.value + self.u95


@dataclass(frozen=True, slots=True)
class Point:
    """What is traded.

    Attributes:
        accuracy_ratio: Top-1 accuracy, 0 to 1; more is better.
        cost: Latency in seconds, size in bytes or energy in joules; less is better.
        cost_u95: Half width of its 95 % interval, 0 where it is exact; None where it is not known.
        other_costs: What else it costs; the same things in the same order as all points that it is among.
    """

    accuracy_ratio: float
    cost: float
    cost_u95: float | None = 0.0
    other_costs: tuple[Cost, ...] = ()

    @property
    def costs(self) -> tuple[Cost, ...]:
        """All that it costs."""
        return (Cost(self.cost, self.cost_u95), *self.other_costs)


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
    return _beats(_estimates(one), _estimates(other))


def standings(points: Sequence[Point]) -> list[Standing]:
    """How each point stands among all of them, in their order."""
    estimates = [_estimates(point) for point in points]
    best = [_at_best(point) for point in points]
    worst = [_at_worst(point) for point in points]
    return [
        Standing(
            optimal=not any(_beats(other, estimates[own]) for other in estimates),
            certain=not any(_beats(best[other], worst[own]) for other in range(len(points)) if other != own),
        )
        for own in range(len(points))
    ]


def front(points: Iterable[Point]) -> list[Point]:
    """The optimal points, the cheapest first; by their first cost where there are several."""
    points = list(points)
    optimal = [point for point, standing in zip(points, standings(points), strict=True) if standing.optimal]
    return sorted(optimal, key=lambda point: (point.cost, point.accuracy_ratio))


def _estimates(point: Point) -> tuple[float, ...]:
    # Less accurate is dearer by that much.
    return (-point.accuracy_ratio, *(cost.value for cost in point.costs))


def _at_best(point: Point) -> tuple[float, ...]:
    return (-point.accuracy_ratio, *(cost.lowest for cost in point.costs))


def _at_worst(point: Point) -> tuple[float, ...]:
    return (-point.accuracy_ratio, *(cost.highest for cost in point.costs))


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(mine <= its for mine, its in zip(one, other, strict=True))
