"""Ratios and means of uncertain values: the law of propagation of uncertainty for independent inputs.

Source: GUM (JCGM 100:2008), section 5.1.2, first order. Inputs of one board share the gain of its sensors;
a ratio of two energies is then known better than is said here, never worse.
"""

import math
from collections.abc import Sequence

from edged.measurement.result import Uncertain


def ratio(above: Uncertain, below: Uncertain) -> Uncertain:
    """One value divided by another.

    Raises:
        ZeroDivisionError: If the lower one is zero.
    """
    value = above.value / below.value
    return Uncertain(value, math.hypot(above.u95 / below.value, value * below.u95 / below.value))


def mean(values: Sequence[Uncertain]) -> Uncertain:
    """The mean of at least one value."""
    count = len(values)
    return Uncertain(sum(v.value for v in values) / count, math.hypot(*(v.u95 for v in values)) / count)


def difference(first: Uncertain, second: Uncertain) -> Uncertain:
    """The first value less the second one."""
    return Uncertain(first.value - second.value, math.hypot(first.u95, second.u95))
