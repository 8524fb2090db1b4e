"""Limits as people type them: `50`, `50ms`, `0.05 s`, `65%`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import click

_TYPED = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)\s*([a-zA-Zµ%]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a limit is typed.

    Attributes:
        units: Units by what is typed, each with its size in the unit that the program uses.
        default: The one that is meant where none is typed.
    """

    units: Mapping[str, float]
    default: str


LATENCY_S = Scale({"ms": 1e-3, "s": 1.0, "us": 1e-6, "µs": 1e-6}, "ms")
ENERGY_J = Scale({"mJ": 1e-3, "J": 1.0, "uJ": 1e-6, "µJ": 1e-6}, "mJ")
FRAMES_PER_SECOND = Scale({"fps": 1.0, "FPS": 1.0}, "fps")
PERCENT = Scale({"%": 1e-2}, "%")


# Debian's click is older than the type argument.
class Limit(click.ParamType):  # type: ignore[type-arg]
    """A positive number with a unit, or without one."""

    name = "limit"

    def __init__(self, scale: Scale, *, percent: bool = False) -> None:
        """Take limits of one kind.

        Args:
            scale: Its units.
            percent: Whether more than 100 % is refused, and a fraction that was meant as a share.
        """
        self._scale, self._percent = scale, percent

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The limit in the program's unit; what cannot be meant ends the command with exit code 2."""
        if not isinstance(value, str):
            return value
        units = self._scale.units
        typed = _TYPED.fullmatch(value.strip())
        unit = typed[2] or self._scale.default if typed else ""
        if typed is None or unit not in units:
            example = " or ".join(f"50{known}" for known in list(units)[:2])
            self.fail(f"{value!r} is no limit; write a number such as 50, {example}", param, ctx)
        number = float(typed[1])
        if self._percent:
            if number > 100:
                self.fail(f"{value!r} is more than 100 %", param, ctx)
            if not typed[2] and 0 < number <= 1:
                self.fail(
                    f"{value!r} would be at most 1 %; write {100 * number:g} or {number:g}%", param, ctx
                )
        elif number == 0:
            self.fail(f"{value!r}: nothing keeps to that; it has to be more than 0", param, ctx)
        return number * units[unit]
