"""Student's t distribution, as far as an expanded uncertainty needs it."""

import math

# 97.5 % quantiles for 1 to 10 degrees of freedom (GUM:2008, table G.2, to more digits); above that the
# expansion below is exact to 0.01 %.
_TABLE = (12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.30600, 2.26216, 2.22814)
_NORMAL = 1.959964


def coverage_factor(degrees_of_freedom: float) -> float:
    """The factor k of a 95 % interval, two-sided.

    Uses the Cornish-Fisher expansion of the t quantile round the normal one (Abramowitz and Stegun 26.7.5)
    where the table ends. Fractional degrees of freedom are cut off, as GUM G.4.1 has it.

    Args:
        degrees_of_freedom: At least 1; infinity for a normal distribution.
    """
    if degrees_of_freedom <= len(_TABLE):
        return _TABLE[max(1, int(degrees_of_freedom)) - 1]
    if math.isinf(degrees_of_freedom):
        return _NORMAL
    n, z = math.floor(degrees_of_freedom), _NORMAL
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + g1 / n + g2 / n**2 + g3 / n**3
