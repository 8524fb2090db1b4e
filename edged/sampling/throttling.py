"""Whether the silicon is being held back: throttled time of each CPU cluster.

A cluster is throttled while a cooling device that limits its clock is above state 0. A fan is not
throttling, and a lower `scaling_max_freq` alone is a user's limit.

The kernel's own counters (`stats/time_in_state_ms`) lose nothing between samples. Where a kernel has none,
the state seen at both ends of an interval decides: half of it counts where only one end was throttled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from edged.board.parts import Board
from edged.sampling.conditions import TRACE_CAPACITY, Conditions
from edged.sampling.trace import Trace

# The kernel counts in whole milliseconds, once for each state.
_TOLERANCE_NS = 2_000_000


@dataclass(frozen=True, slots=True)
class ThrottledSpan:
    """An interval between two samples in which a cluster was throttled, at least in part.

    Attributes:
        start_ns: Monotonic time of the sample before.
        end_ns: Monotonic time of the sample after.
    """

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class ThrottlingTotals:
    """How much one CPU cluster was throttled.

    Attributes:
        throttled: Whether it is now.
        throttled_ns: How long it was, since it was first watched.
        events: How often it began to be.
        counted_by_kernel: Whether `throttled_ns` comes from the kernel's counters, not from samples.
    """

    throttled: bool = False
    throttled_ns: int = 0
    events: int = 0
    counted_by_kernel: bool = False


class Throttling:
    """Accounts for throttling from the board's conditions. One thread adds, any thread reads.

    Args:
        board: Its CPU clusters, and the cooling devices that limit them.
    """

    def __init__(self, board: Board) -> None:
        """Begin with no throttling on any cluster."""
        self._devices = {
            cluster.name: tuple(
                device.name for device in board.cooling_devices if device.cpu_cluster == cluster.name
            )
            for cluster in board.clusters
        }
        self._spans: dict[str, Trace[ThrottledSpan]] = {name: Trace(TRACE_CAPACITY) for name in self._devices}
        self.totals: Mapping[str, ThrottlingTotals] = MappingProxyType(
            {name: ThrottlingTotals() for name in self._devices}
        )

    def add(self, conditions: Conditions) -> None:
        """Account for the interval of a sample; samples come in order of time."""
        self.totals = MappingProxyType(
            {name: self._after(name, totals, conditions) for name, totals in self.totals.items()}
        )

    def throttled_between(self, cpu_cluster: str, start_ns: int, end_ns: int) -> bool:
        """Whether the cluster may have been throttled at any time in between.

        An interval between samples counts as a whole: where in it the throttling was, nobody knows. What
        is later than the newest sample is not known yet.

        Args:
            cpu_cluster: Name of the CPU cluster.
            start_ns: Monotonic time where to begin.
            end_ns: Monotonic time where to end.

        Raises:
            KeyError: If there is no such cluster.
        """
        return bool(self._spans[cpu_cluster].between(start_ns, end_ns))

    def spans_between(self, cpu_cluster: str, start_ns: int, end_ns: int) -> Sequence[ThrottledSpan]:
        """The throttled intervals that touch [start, end], in order of time.

        Raises:
            KeyError: If there is no such cluster.
        """
        return self._spans[cpu_cluster].between(start_ns, end_ns)

    def _after(self, name: str, before: ThrottlingTotals, conditions: Conditions) -> ThrottlingTotals:
        states = [conditions.cooling_states[d] for d in self._devices[name] if d in conditions.cooling_states]
        cooled = [conditions.cooled_ns[d] for d in self._devices[name] if d in conditions.cooled_ns]
        if not states and not cooled:
            return before
        now = any(state > 0 for state in states)
        elapsed_ns = conditions.end_ns - conditions.start_ns
        if cooled:
            throttled_ns = min(max(cooled), elapsed_ns + _TOLERANCE_NS)
        else:
            throttled_ns = elapsed_ns * (before.throttled + now) // 2
        if before.throttled or now or throttled_ns:
            self._spans[name].append(ThrottledSpan(conditions.start_ns, conditions.end_ns))
        return ThrottlingTotals(
            throttled=now,
            throttled_ns=before.throttled_ns + throttled_ns,
            events=before.events + _began(before.throttled, now, bool(cooled), throttled_ns, elapsed_ns),
            counted_by_kernel=bool(cooled),
        )


def _began(before: bool, now: bool, counted: bool, throttled_ns: int, elapsed_ns: int) -> int:
    """How often throttling began in an interval, at least."""
    if not before:
        return int(now or throttled_ns > 0)
    interrupted = counted and throttled_ns < elapsed_ns - _TOLERANCE_NS
    return int(now and interrupted)
