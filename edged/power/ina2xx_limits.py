"""Which voltages and currents an INA2xx can have measured, and which are only noise of a broken read."""

from edged.power.chip_facts import ChipFacts

_OFFSETS = 5
"""An idle rail may read a little below zero: the offset of the chip, five times over for drift and noise."""
_ROUNDING_UA = 1_000


class Limits:
    """The range of one chip with one shunt.

    Args:
        facts: The chip.
        shunt_uohm: The shunt that its readings are scaled by.
    """

    def __init__(self, facts: ChipFacts, shunt_uohm: float) -> None:
        """Work out the range once."""
        self._highest_uv = facts.bus_range_uv
        self._highest_ua = int(facts.shunt_range_uv * 1_000_000 / shunt_uohm) - _ROUNDING_UA
        self._lowest_ua = -int(_OFFSETS * facts.shunt_offset_uv * 1_000_000 / shunt_uohm) - _ROUNDING_UA

    def complaint(self, voltage_uv: int, current_ua: int) -> str | None:
        """Why these cannot be a voltage and a current of the rail; None if they can.

        A current at the end of the range is refused too: the true one may be anything above.
        A small negative current is real (offset, noise); the sign is kept, so that it averages out.
        """
        if not 0 <= voltage_uv <= self._highest_uv:
            return f"{voltage_uv / 1e6:g} V is outside of the chip's 0 to {self._highest_uv / 1e6:g} V"
        if current_ua > self._highest_ua:
            return f"{current_ua / 1e6:g} A is at the end of the chip's range with this shunt"
        if current_ua < self._lowest_ua:
            return f"{current_ua / 1e6:g} A flows backwards: is the shunt wired the wrong way round?"
        return None
