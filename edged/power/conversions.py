"""How a chip looks at current and voltage: by turns, a shunt conversion and a bus conversion in each pair."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conversions:
    """The turns of one chip, and how late what they give is shown.

    Attributes:
        pair_ns: Nominal duration of a shunt and a bus conversion; 0 for a sensor that never looks away.
        longest_lag_ns: How much later than it was finished an average may be shown, where the driver fetches
            it by a timer of its own; 0 where it asks the chip itself.
    """

    pair_ns: int = 0
    longest_lag_ns: int = 0
