"""How benchmarks print: one figure a line, with the bar that it has to meet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        what: What was measured.
        value: The figure, with its unit.
        bar: What it has to meet, in words; "" where there is no bar.
        holds: Whether it does; None where there is no bar.
    """

    what: str
    value: str
    bar: str = ""
    holds: bool | None = None


def show(title: str, figures: list[Figure]) -> None:
    """Print a benchmark's figures below its title."""
    print(f"\n{title}")
    for figure in figures:
        verdict = "" if figure.holds is None else "  holds" if figure.holds else "  DOES NOT HOLD"
        bar = f"  (bar: {figure.bar})" if figure.bar else ""
        print(f"  {figure.what:<58} {figure.value:>16}{bar}{verdict}")
