"""Tells temperatures from the bogus ones that these boards are known for: 125, 228, 254 degrees.

Hardware sheet, section 7.1: the driver of the Exynos 5422 applies no range check, and single zones of cool
boards now and then read far above what silicon survives. Some bogus readings are in range: they show as a
jump of one zone, for one sample, that its neighbours do not see.
"""

from collections.abc import Mapping
from types import MappingProxyType

from edged.clock import NS_PER_S

HIGHEST_C = 120.0  # the critical trip point: a zone that really is hotter has switched the board off
LOWEST_C = -40.0  # of the industrial range; boards stand outdoors too
# Four busy A15 cores heat up by 44 degrees in 12 s [S47]; the first second is steeper.
_JUMP_C = 20.0
_RECENT_NS = 3 * NS_PER_S


class PlausibleTemperatures:
    """Lets plausible temperatures through and counts the others, zone by zone."""

    def __init__(self) -> None:
        """Begin without a temperature: the first one in range is believed."""
        self.rejected: Mapping[str, int] = MappingProxyType({})
        self._believed: dict[str, tuple[int, float]] = {}
        self._doubted: dict[str, float] = {}

    def filter(self, at_ns: int, temperatures_c: Mapping[str, float]) -> dict[str, float]:
        """The plausible ones.

        Args:
            at_ns: Monotonic time of the readings.
            temperatures_c: What the thermal zones read, in degrees Celsius.
        """
        in_range = {zone: c for zone, c in temperatures_c.items() if LOWEST_C <= c <= HIGHEST_C}
        plausible = {zone: c for zone, c in in_range.items() if self._believable(at_ns, zone, c, in_range)}
        self._doubted = {zone: c for zone, c in in_range.items() if zone not in plausible}
        self._believed.update((zone, (at_ns, c)) for zone, c in plausible.items())
        for zone in temperatures_c.keys() - plausible.keys():
            self.rejected = MappingProxyType({**self.rejected, zone: self.rejected.get(zone, 0) + 1})
        return plausible

    def _believable(self, at_ns: int, zone: str, now_c: float, all_c: Mapping[str, float]) -> bool:
        before_ns, before_c = self._believed.get(zone, (at_ns - _RECENT_NS, now_c))
        if abs(now_c - before_c) <= _JUMP_C or at_ns - before_ns >= _RECENT_NS:
            return True
        seen_before = zone in self._doubted and abs(self._doubted[zone] - now_c) <= _JUMP_C
        return seen_before or any(
            other != zone and abs(other_c - now_c) <= _JUMP_C for other, other_c in all_c.items()
        )
