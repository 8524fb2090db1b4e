"""What the board does while it works: clocks, limits, temperatures, cooling and load, over time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from edged.board.cooling import CoolingStatistics
from edged.board.plausible import Judged, judge
from edged.clock import NS_PER_S, Clock
from edged.sampling.gauges import Gauges
from edged.sampling.trace import Trace

FAST_HZ = 4.0  # the kernel's own thermal polling is at most this fast (hardware sheet, section 7.2)
SLOW_HZ = 1.0
# 17 minutes at 4 Hz: more than a measurement takes that ends within the default `measure.time_limit_s`; one
# that took longer is rejected. Without the kernel's counters a sample of an XU4 has 1.8 kB on a 64-bit
# machine: 7 MiB in all.
TRACE_CAPACITY = 4096

_NO_STATISTICS: Mapping[str, CoolingStatistics] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Conditions:
    """The board's state at `end_ns`, and what it did since `start_ns`, the moment of the sample before.

    What could not be read is not in the mappings.

    Attributes:
        start_ns: Monotonic time of the previous sample; equal to `end_ns` for the first one.
        end_ns: Monotonic time of this sample.
        frequencies_hz: Clock of each CPU cluster at `end_ns`, by name, in hertz.
        limits_hz: Highest clock allowed at `end_ns`, by CPU cluster, in hertz.
        temperatures_c: Plausible temperatures at `end_ns`, by thermal zone, in degrees Celsius.
        cooling_states: State of each cooling device at `end_ns`, by name; 0 is no cooling.
        busy_s: CPU time used between `start_ns` and `end_ns`, by CPU number, in seconds. The kernel counts
            in steps of 10 ms, but no step is lost: sums over many samples are as exact as one step.
        memory_frequency_hz: Clock of the DRAM controller at `end_ns` in hertz; None where not exposed.
        cooling_statistics: The kernel's own counters at `end_ns`, by cooling device; only those of devices
            that limit a CPU cluster.
        at_top_ns: How long each CPU cluster ran at its highest clock between `start_ns` and `end_ns`; only
            where the kernel counts that and not the above.
    """

    start_ns: int
    end_ns: int
    frequencies_hz: Mapping[str, int]
    limits_hz: Mapping[str, int]
    temperatures_c: Mapping[str, float]
    cooling_states: Mapping[str, int]
    busy_s: Mapping[int, float]
    memory_frequency_hz: int | None = None
    cooling_statistics: Mapping[str, CoolingStatistics] = field(default_factory=dict)
    at_top_ns: Mapping[str, int] = field(default_factory=dict)

    @property
    def hottest_c(self) -> float | None:
        """Highest of the temperatures; None if there is none."""
        return max(self.temperatures_c.values(), default=None)


class ConditionsSampler:
    """Samples the board's state into a trace, at `FAST_HZ` in a measurement and at `SLOW_HZ` outside.

    A `Paced` sampler.

    Attributes:
        trace: The samples, without the kernel's own counters: those are for the listeners, and large.
        rejected_temperatures: Bogus readings so far, by thermal zone; a snapshot.

    Args:
        gauges: What to read.
        clock: Where time comes from.
        fast_hz: Samples per second in a measurement.
        slow_hz: Samples per second outside.
        capacity: Samples kept.
        listeners: What to call with each sample, in the sampler's thread: throttle accounting, for instance.
    """

    name = "conditions"

    def __init__(
        self,
        gauges: Gauges,
        clock: Clock,
        *,
        fast_hz: float = FAST_HZ,
        slow_hz: float = SLOW_HZ,
        capacity: int = TRACE_CAPACITY,
        listeners: Sequence[Callable[[Conditions], None]] = (),
    ) -> None:
        """Begin slow, with an empty trace."""
        self.trace: Trace[Conditions] = Trace(capacity)
        self._gauges = gauges
        self._clock = clock
        self._fast_ns = round(NS_PER_S / fast_hz)
        self._slow_ns = round(NS_PER_S / slow_hz)
        self._fast = False
        self._listeners = tuple(listeners)
        self.rejected_temperatures: Mapping[str, int] = MappingProxyType({})
        self._judged = Judged()
        self._busy_since_boot_ns: Mapping[int, int] = {}
        self._at_top_since_boot_ns: Mapping[str, int] = {}

    def follow(self, gauges: Gauges) -> None:
        """From the next sample on read these; from any thread."""
        self._gauges = gauges

    def begin_fast(self) -> None:
        """Sample at the fast rate from the next step on."""
        self._fast = True

    def end_fast(self) -> None:
        """Sample at the slow rate from the next step on."""
        self._fast = False

    def step(self) -> int:
        """Take one sample, if one period has passed since the last.

        Returns:
            Monotonic time of the next sample, in nanoseconds.
        """
        period_ns = self._fast_ns if self._fast else self._slow_ns
        now_ns = self._clock.monotonic_ns()
        newest = self.trace.newest()
        if newest is not None and now_ns < newest.end_ns + period_ns:
            return newest.end_ns + period_ns
        return self.sample().end_ns + period_ns

    def sample(self) -> Conditions:
        """Take one sample now, whatever the rate says: at the very ends of a measurement, for instance.

        For the sampler's own thread, or where no thread drives it.
        """
        gauges = self._gauges
        before = self.trace.newest()
        busy_ns = gauges.busy_ns()
        at_top_ns = gauges.at_top_ns()
        cooling_statistics = gauges.cooling_statistics()
        now_ns = self._clock.monotonic_ns()
        conditions = Conditions(
            start_ns=before.end_ns if before else now_ns,
            end_ns=now_ns,
            frequencies_hz=gauges.frequencies_hz(),
            limits_hz=gauges.limits_hz(),
            temperatures_c=self._plausible_c(now_ns, gauges.temperatures_c()),
            cooling_states=gauges.cooling_states(),
            busy_s=_busy_s(self._busy_since_boot_ns, busy_ns),
            memory_frequency_hz=gauges.memory_frequency_hz(),
            cooling_statistics=cooling_statistics,
            at_top_ns=_grown(self._at_top_since_boot_ns, at_top_ns),
        )
        self._busy_since_boot_ns, self._at_top_since_boot_ns = busy_ns, at_top_ns
        # Who finds the sample in the trace finds it accounted for.
        for listener in self._listeners:
            listener(conditions)
        self.trace.append(replace(conditions, cooling_statistics=_NO_STATISTICS))
        return conditions

    def close(self) -> None:
        """Nothing stays open between samples."""

    def _plausible_c(self, now_ns: int, read_c: Mapping[str, float]) -> Mapping[str, float]:
        self._judged = judge(read_c, now_ns, self._judged)
        if self._judged.rejected:
            before = self.rejected_temperatures
            more = {zone: before.get(zone, 0) + 1 for zone in self._judged.rejected}
            self.rejected_temperatures = MappingProxyType({**before, **more})
        return self._judged.plausible_c


def _busy_s(before_ns: Mapping[int, int], now_ns: Mapping[int, int]) -> dict[int, float]:
    # A CPU that was off at the previous sample has no interval; the kernel's own counters may step back a
    # little when a CPU comes back (proc(5) on iowait), which is no work.
    return {
        cpu: max(0, busy_ns - before_ns[cpu]) / NS_PER_S
        for cpu, busy_ns in now_ns.items()
        if cpu in before_ns
    }


def _grown(before_ns: Mapping[str, int], now_ns: Mapping[str, int]) -> dict[str, int]:
    # A counter that went back was reset in between: what it shows now has happened since.
    return {
        name: total_ns - before_ns[name] if total_ns >= before_ns[name] else total_ns
        for name, total_ns in now_ns.items()
        if name in before_ns
    }
