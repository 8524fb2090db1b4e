"""Numbers and names for people, as `words.js` has them."""

import math

_ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
_PRECISIONS = {"fp32": "FP32", "int8": "INT8", "int8-per-channel": "INT8 per channel"}


def figure(value: float, u95: float | None, factor: float, unit: str) -> str:
    """A value with its uncertainty in a unit that is given, as HTML, in as many digits as that allows.

    Args:
        value: The value in the base unit.
        u95: Its uncertainty in the base unit; None where it is not known.
        factor: The unit told, in base units.
        unit: The unit told.
    """
    number, spread = value / factor, (u95 or 0.0) / factor
    if spread <= 0:
        return f'<span class="value">{number:.4g}</span><span class="u95">{unit}</span>'
    digits = max(0, min(9, 1 - math.floor(math.log10(spread))))
    # A rail that does nothing may read a little below zero: that is 0, not -0.
    told = f"± {spread:.{digits}f} {unit}"
    return f'<span class="value">{number:z.{digits}f}</span><span class="u95">{told}</span>'


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `5 h`, `3 days`."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"


def percent(ratio: float) -> str:
    """`49.7 %`."""
    return f"{ratio * 100:.1f} %"


def precision_name(precision: str) -> str:
    """`FP32`, `INT8`, or the user's own word."""
    return _PRECISIONS.get(precision, precision)


def precision_class(precision: str) -> str:
    """The class that gives its colour."""
    return "int8" if precision.startswith("int8") else "fp32" if precision == "fp32" else "other"


def short_name(model: str, alpha: str) -> str:
    """`MobileNet v1` with its alpha for one of the zoo, whose names are long and alike."""
    return f"MobileNet v1 {_ALPHA} {alpha}" if model.startswith("mobilenet_v1_") else model
