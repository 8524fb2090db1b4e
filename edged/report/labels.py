"""Where labels go beside their points, so that none covers another one or a point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Of a font of 12 pixels: a bit more than the mean width of digits and small letters.
_CHARACTER = 6.8
_HEIGHT = 12.0
_AWAY = 12.0
_LONGEST = 26  # characters: of a longer label the beginning
# In square pixels covered: what it costs a label to lie nearer to another point than to its own.
_MISLEADING = 80.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def round(cls, left: float, top: float, radius: float) -> "Box":
        """The box of a circle."""
        return cls(left - radius, top - radius, left + radius, top + radius)

    def overlap(self, other: "Box") -> float:
        """The area that both cover, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def distance(self, left: float, top: float) -> float:
        """From its edge to a point, in pixels; 0 inside."""
        across = max(self.left - left, left - self.right, 0.0)
        return math.hypot(across, max(self.top - top, top - self.bottom, 0.0))

    @property
    def area(self) -> float:
        """In square pixels."""
        return (self.right - self.left) * (self.bottom - self.top)


def placed(
    wanted: Sequence[tuple[float, float, str]], taken: Sequence[Box], inside: Box
) -> list[tuple[float, float, str, str]]:
    """Places for labels: (left, base line, anchor, label) for each of the wanted (left, top, label).

    Each label takes the first of the places around its point that is free and not nearer to another point, or
    the one that is best in that. A long one is cut.

    Args:
        wanted: Points in pixels, with their labels.
        taken: What no label should cover.
        inside: What no label should leave.
    """
    covered = list(taken)
    places = []
    for own, (left, top, whole) in enumerate(wanted):
        label = whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
        others = [each[:2] for number, each in enumerate(wanted) if number != own]
        around = _around(left, top, _CHARACTER * len(label))
        costs = [
            _trouble(box, covered, inside) + _MISLEADING * _misleads(box, (left, top), others)
            for box, _ in around
        ]
        box, anchor = around[costs.index(min(costs))]
        covered.append(box)
        at = {"start": box.left, "end": box.right, "middle": (box.left + box.right) / 2}[anchor]
        places.append((round(at, 1), round(box.bottom - 2, 1), anchor, label))
    return places


def _trouble(box: Box, covered: Sequence[Box], inside: Box) -> float:
    outside = box.area - box.overlap(inside)
    return round(10 * outside + sum(box.overlap(other) for other in covered), 3)


def _misleads(box: Box, own: tuple[float, float], others: Sequence[tuple[float, float]]) -> bool:
    """Whether it lies nearer to another point than to its own."""
    return any(box.distance(*other) < box.distance(*own) for other in others)


def _around(left: float, top: float, width: float) -> list[tuple[Box, str]]:
    half = _HEIGHT / 2
    corners = []
    for rise in (0.0, -_AWAY, _AWAY, -2 * _AWAY, 2 * _AWAY):
        middle = top + rise
        box = (middle - half, middle + half)
        corners.append((Box(left + _AWAY, box[0], left + _AWAY + width, box[1]), "start"))
        corners.append((Box(left - _AWAY - width, box[0], left - _AWAY, box[1]), "end"))
        if rise:
            corners.append((Box(left - width / 2, box[0], left + width / 2, box[1]), "middle"))
    return corners
