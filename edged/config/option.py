"""One option: its default, unit, meaning and range, kept with the field that holds it."""

import difflib
import math
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field
from typing import Any

_KEY = "option"


@dataclass(frozen=True, slots=True)
class Option:
    """What a person must know to set it, and what may be set.

    Attributes:
        meaning: What it does, without a full stop.
        unit: Unit of the value; "" for none.
        at_least: Smallest number allowed; None for no such limit.
        above: The number must be greater than this; None for no such limit.
        at_most: Greatest number allowed; None for no such limit.
        choices: The texts allowed; empty for any.
        complaint_about: What else is wrong with a value, or None if nothing is.
        secret: Whether it is for nobody's eyes: it is neither shown nor repeated in a complaint.
    """

    meaning: str
    unit: str = ""
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    complaint_about: Callable[[Any], str | None] | None = None
    secret: bool = False

    def complaint(self, value: Any) -> str | None:  # noqa: ANN401 - the field's type, already checked
        """Why the value is not allowed; None if it is.

        Args:
            value: Of the field's type.
        """
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._range_complaint(value)
        if self.choices and value not in self.choices:
            return f'is "{shorten(str(value))}", which is none of {", ".join(self.choices)}' + nearest(
                str(value), self.choices
            )
        return self.complaint_about(value) if self.complaint_about else None

    def _range_complaint(self, value: float) -> str | None:
        unit = f" {self.unit}" if self.unit else ""
        said = f"is {shorten(str(value))}{unit}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"is {value}, but must be a finite number"
        if self.at_least is not None and value < self.at_least:
            return f"{said}, but must be at least {self.at_least:g}{unit}"
        if self.above is not None and value <= self.above:
            return f"{said}, but must be above {self.above:g}{unit}"
        if self.at_most is not None and value > self.at_most:
            return f"{said}, but must be at most {self.at_most:g}{unit}"
        return None


def option(meaning: str, *, default: Any, **limits: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    """A dataclass field that is an option with a default.

    Args:
        meaning: See `Option`.
        default: Its value where the file does not set it.
        limits: The other attributes of `Option`.
    """
    return field(default=default, metadata={_KEY: Option(meaning, **limits)})


def required_option(meaning: str, **limits: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    """A dataclass field that is an option which must be set.

    Args:
        meaning: See `Option`.
        limits: The other attributes of `Option`.
    """
    return field(metadata={_KEY: Option(meaning, **limits)})


def option_of(field_: "Field[Any]") -> Option | None:
    """The option that a dataclass field was made with; None if it is no option but a table of options."""
    found: Option | None = field_.metadata.get(_KEY)
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known words that look most like it, as the end of a complaint; "" if none does."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def shorten(text: str, width: int = 60) -> str:
    """A text for a complaint: printable, and not longer than `width` characters."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= width else shown[: width - 1] + "…"
