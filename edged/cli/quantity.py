"""Numbers for people: a value with as many digits as its uncertainty allows."""

import math

_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"))


def with_uncertainty(value: float, u95: float | None, unit: str) -> str:
    """`18.34 ± 0.05 ms`: both in the same prefix, cut where the uncertainty's second digit ends.

    Args:
        value: The value in the unit.
        u95: Its uncertainty in the unit; None where it is not known.
        unit: Unit without a prefix, such as "s" or "J".
    """
    factor, prefix = next(((f, p) for f, p in _PREFIXES if max(abs(value), u95 or 0.0) >= f), _PREFIXES[-1])
    if not u95:
        return f"{value / factor:.4g} {prefix}{unit}"
    digits = max(0, min(12, 1 - math.floor(math.log10(u95 / factor))))
    # A rail that does nothing may read a little below zero: that is 0, not -0.
    return f"{value / factor:z.{digits}f} ± {u95 / factor:.{digits}f} {prefix}{unit}"


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `1 h 05 min`."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02} min"
