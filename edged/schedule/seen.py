"""What the schedule must see of the board, from the samples of its conditions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from edged.clock import NS_PER_S
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import ThrottlingTotals

# Conditions are sampled every second; what is much older than that says nothing about now.
_STALE_NS = 10 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Seen:
    """The board as it is now.

    Attributes:
        hottest_c: Highest plausible temperature in degrees Celsius; None where it is not known.
        foreign_cpus: CPUs used by others; None where it is not known.
        throttled: Names of the CPU clusters that the kernel holds back.
    """

    hottest_c: float | None = None
    foreign_cpus: float | None = None
    throttled: frozenset[str] = field(default_factory=frozenset)


def look(
    newest: Conditions | None,
    throttling: Mapping[str, ThrottlingTotals],
    own_cpus: Iterable[Sequence[int]],
    now_ns: int,
) -> Seen:
    """What the newest sample shows.

    Args:
        newest: The newest sample, if there is one.
        throttling: How much each CPU cluster was throttled.
        own_cpus: CPUs of each of our own workers that run now: what happens there is no foreign load.
        now_ns: Monotonic time.
    """
    throttled = frozenset(name for name, totals in throttling.items() if totals.throttled)
    if newest is None or now_ns - newest.end_ns > _STALE_NS:
        return Seen(throttled=throttled)
    own = {cpu for cpus in own_cpus for cpu in cpus}
    duration_s = (newest.end_ns - newest.start_ns) / NS_PER_S
    others = [busy_s for cpu, busy_s in newest.busy_s.items() if cpu not in own]
    return Seen(
        hottest_c=newest.hottest_c,
        foreign_cpus=sum(others) / duration_s if duration_s > 0 and newest.busy_s else None,
        throttled=throttled,
    )
