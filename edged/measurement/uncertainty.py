"""The uncertainty of an energy: its parts, their sum, and the interval that holds the truth 95 times in 100.

After the GUM (JCGM 100:2008). A part is one of two kinds:

* **limited**: a data sheet or a step says how far off it is at most, and no more: a rectangular
  distribution with standard uncertainty a / sqrt(3) (GUM 4.3.7);
* **scattered**: a standard uncertainty with degrees of freedom, from a scatter that was seen (GUM 4.2).

The combined standard uncertainty is the root of the sum of squares (GUM 5.1). The expanded one is not
simply twice that: where one limited part outweighs all others, the 95 % interval is 1.65 times the
standard uncertainty. So the distributions are convolved, as GUM G.1.5 says would be right.
"""

import math
from itertools import accumulate, pairwise

from edged.measurement.student import coverage_factor

_PROBABILITY = 0.95
_NORMAL_95 = 1.959964
_GRID = 200  # cells on either side of zero; the interval is then good to about 0.5 %
_SMALL = 0.1
_TAIL = 5.0  # standard deviations of the normal part that are looked at


class Budget:
    """The parts of one energy's uncertainty, in joules (or any one unit)."""

    def __init__(self) -> None:
        """Begin with no part: a certain value."""
        self._variances: dict[str, float] = {}
        self._limits: list[float] = []
        self._scatters: list[tuple[float, float]] = []

    def limited(self, name: str, limit: float) -> None:
        """Add an error that may be anything from -limit to +limit, each as probable.

        Args:
            name: The part; several errors may share it.
            limit: Half width; its sign does not matter.
        """
        self._note(name, limit * limit / 3.0)
        if limit:
            self._limits.append(abs(limit))

    def scattered(self, name: str, deviation: float, degrees_of_freedom: float = math.inf) -> None:
        """Add an error of which a standard uncertainty is known.

        Args:
            name: The part; several errors may share it.
            deviation: Standard uncertainty; its sign does not matter.
            degrees_of_freedom: How well that is known; infinity for a figure that is not from few values.
        """
        self._note(name, deviation * deviation)
        if deviation:
            self._scatters.append((deviation * deviation, max(1.0, degrees_of_freedom)))

    @property
    def components(self) -> dict[str, float]:
        """Standard uncertainty of each part by name, parts of zero included."""
        return {name: math.sqrt(variance) for name, variance in self._variances.items()}

    @property
    def combined(self) -> float:
        """Combined standard uncertainty."""
        return math.sqrt(sum(self._variances.values()))

    @property
    def degrees_of_freedom(self) -> float:
        """Effective degrees of freedom of the scattered parts (Welch-Satterthwaite, GUM G.4.1)."""
        variance = sum(part for part, _ in self._scatters)
        denominator = sum(part * part / degrees for part, degrees in self._scatters)
        return variance * variance / denominator if denominator else math.inf

    @property
    def u95(self) -> float:
        """Half width of the interval that holds the true value with 95 % probability.

        The scattered parts count as a normal distribution that is as wide at 95 % as their t distribution.
        """
        scatter = math.sqrt(sum(part for part, _ in self._scatters))
        scatter *= coverage_factor(self.degrees_of_freedom) / _NORMAL_95
        return _half_width(scatter, self._limits)

    def _note(self, name: str, variance: float) -> None:
        self._variances[name] = self._variances.get(name, 0.0) + variance


def _half_width(deviation: float, limits: list[float]) -> float:
    """95 % half width of a normal distribution convolved with rectangular ones, all centred on zero."""
    if not limits:
        return _NORMAL_95 * deviation
    # Next to a part that is ten times as wide, any shape is as good as another.
    small = [limit for limit in limits if limit < _SMALL * max(limits)]
    limits = [limit for limit in limits if limit >= _SMALL * max(limits)]
    deviation = math.sqrt(deviation * deviation + sum(limit * limit for limit in small) / 3.0)
    cell = (sum(limits) + _TAIL * deviation) / _GRID
    # The widest rectangle is laid down as it is; the normal part and the others are convolved with it.
    limits = sorted(limits, reverse=True)
    weights = _rectangle(limits[0], deviation, cell)
    for limit in limits[1:]:
        weights = _smoothed(weights, limit / cell)
    return _central(weights, cell)


def _rectangle(limit: float, deviation: float, cell: float) -> list[float]:
    """Probability of each cell for a rectangle convolved with a normal distribution: exact."""
    edges = [(index - _GRID - 0.5) * cell for index in range(2 * _GRID + 2)]
    primitive = [
        _integrated_cdf(edge + limit, deviation) - _integrated_cdf(edge - limit, deviation) for edge in edges
    ]
    return [(right - left) / (2 * limit) for left, right in pairwise(primitive)]


def _integrated_cdf(x: float, deviation: float) -> float:
    """The integral up to `x` of the normal distribution function."""
    if deviation == 0.0:
        return max(0.0, x)
    z = x / deviation
    if abs(z) > 8.0:
        return max(0.0, x)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return x * 0.5 * math.erfc(-z / math.sqrt(2)) + deviation * density


def _smoothed(weights: list[float], reach: float) -> list[float]:
    """The running mean over `reach` cells to either side, cells at its ends counted in part."""
    sums = [0.0, *accumulate(weights)]
    count = len(weights)

    def until(edge: float) -> float:
        edge = min(max(edge, 0.0), float(count))
        whole = min(int(edge), count - 1)
        return sums[whole] + (edge - whole) * weights[whole]

    # The cell itself has a width: take the mean over it by its two halves.
    return [
        (until(index + 0.5 + reach) - until(index + 0.5 - reach)) / (2 * reach)
        if reach > 0.01
        else weights[index]
        for index in range(count)
    ]


def _central(weights: list[float], cell: float) -> float:
    """Half width of the symmetrical interval that holds 95 % of the weight."""
    held = weights[_GRID]
    wanted = _PROBABILITY * sum(weights)
    for step in range(1, _GRID + 1):
        pair = weights[_GRID - step] + weights[_GRID + step]
        if held + pair >= wanted:
            return (step - 0.5 + (wanted - held) / pair) * cell
        held += pair
    return (_GRID + 0.5) * cell
