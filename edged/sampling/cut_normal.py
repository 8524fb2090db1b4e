"""A normal distribution of which it is learned that the value lies in an interval: cut off outside of it."""

import math

# An interval this improbable means that the distribution was wrong, not that the value is a bit off.
_CONTRADICTION = 1e-4
_FAR = 8.0  # standard deviations beyond which a normal distribution has ended


def cut_normal(low: float, high: float) -> tuple[float, float] | None:
    """Mean and variance of a standard normal distribution cut off outside [low, high].

    None if next to nothing of it lies inside.
    """
    low, high = max(low, -_FAR), min(high, _FAR)
    if low >= high:
        return None
    mass = 0.5 * (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2)))
    if mass < _CONTRADICTION:
        return None
    at_low = math.exp(-low * low / 2) / math.sqrt(2 * math.pi)
    at_high = math.exp(-high * high / 2) / math.sqrt(2 * math.pi)
    mean = (at_low - at_high) / mass
    variance = 1 + (low * at_low - high * at_high) / mass - mean * mean
    return mean, max(1e-3, variance)
