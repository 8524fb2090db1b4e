"""Tells real temperatures from the bogus ones that the Exynos 5422's sensors show now and then.

On otherwise cool boards single readings of 125, 228 and 254 degrees appear, and neither driver nor chip marks
them. Heat spreads: a real jump is seen by the neighbours as well, or still there in the next sample. Who has
not been read for a while may have any temperature that the chip survives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# exynos5422-odroidxu3-common.dtsi powers the board off at 120 degrees; below -40 no such chip is specified.
HIGHEST_C = 120.0
LOWEST_C = -40.0
# Four busy Cortex-A15 warm up by 44 degrees in 12 s; the first second is steeper.
JUMP_C = 20.0
_RECENT_NS = 3_000_000_000
# How much of a jump a neighbour must show.
NEIGHBOUR_C = 5.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One sample of all zones, judged.

    Attributes:
        plausible_c: The temperatures to believe, by zone, in degrees Celsius.
        rejected: Zones whose reading is bogus; the caller counts them.
        believed_c: The newest believed temperature of every zone, older samples included.
        believed_ns: Monotonic time of each of these.
        read_c: What was read, bogus or not.
    """

    plausible_c: Mapping[str, float] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()
    believed_c: Mapping[str, float] = field(default_factory=dict)
    believed_ns: Mapping[str, int] = field(default_factory=dict)
    read_c: Mapping[str, float] = field(default_factory=dict)


def judge(read_c: Mapping[str, float], at_ns: int = 0, before: Judged | None = None) -> Judged:
    """Judge one sample.

    Args:
        read_c: What was read, by zone, in degrees Celsius; zones that could not be read are left out.
        at_ns: Monotonic time of the sample; of no matter where it is the only one.
        before: The sample before this one; None for the first.
    """
    before = before or Judged()
    rejected = frozenset(zone for zone in read_c if _bogus(zone, read_c, at_ns, before))
    plausible = {zone: value for zone, value in read_c.items() if zone not in rejected}
    return Judged(
        plausible_c=plausible,
        rejected=rejected,
        believed_c={**before.believed_c, **plausible},
        believed_ns={**before.believed_ns, **dict.fromkeys(plausible, at_ns)},
        read_c=dict(read_c),
    )


def _bogus(zone: str, read_c: Mapping[str, float], at_ns: int, before: Judged) -> bool:
    value = read_c[zone]
    if not LOWEST_C <= value <= HIGHEST_C:
        return True
    if zone not in before.believed_c or at_ns - before.believed_ns[zone] >= _RECENT_NS:
        return False
    jump = value - before.believed_c[zone]
    if abs(jump) <= JUMP_C:
        return False
    still_there = abs(value - before.read_c.get(zone, before.believed_c[zone])) <= JUMP_C
    return not still_there and not any(
        _moved_with(jump, read_c[other] - before.believed_c[other])
        for other in read_c
        if other != zone and other in before.believed_c and LOWEST_C <= read_c[other] <= HIGHEST_C
    )


def _moved_with(jump: float, other_jump: float) -> bool:
    return other_jump >= NEIGHBOUR_C if jump > 0 else other_jump <= -NEIGHBOUR_C
