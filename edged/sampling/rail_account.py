"""What one rail has used: its readings, its energy, and how much of the time is accounted for.

```
 origin        reading      reading         reading     settled
    │ unobserved │▓▓▓▓▓▓▓▓▓▓▓│▓▓▓▓▓│ unobserved │▓▓▓▓▓▓▓▓▓▓▓│ not yet known
```

Every nanosecond between origin and settled is either observed or unobserved. Energy in unobserved time is
unknown, and not counted. Sums are whole numbers of microwatts times nanoseconds, so that nothing is lost
however the time is cut into readings. The sum itself may fall: a rail at rest can read slightly below zero.
What counts up for others is the highest value that the sum has had.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from edged.power.reading import Rail, Reading
from edged.power.sensor import SensorError
from edged.sampling.failure_record import FailureRecord
from edged.sampling.phase import Phase
from edged.sampling.trace import Trace

UW_NS_PER_UJ = 1_000_000_000
# Ten minutes of chip averages of 35 ms: longer than a measurement under the paper's protocol takes.
TRACE_CAPACITY = 17_000


@dataclass(frozen=True, slots=True)
class RailTotals:
    """The sums of one rail since it was first watched, consistent with each other.

    Attributes:
        energy_uw_ns: Energy over observed time, in microwatts times nanoseconds (1e-15 J), exact.
        highest_uw_ns: Highest value that this energy has had, 0 at the beginning included: it never falls.
        observed_ns: Time covered by readings.
        unobserved_ns: Time known not to be covered.
    """

    energy_uw_ns: int
    highest_uw_ns: int
    observed_ns: int
    unobserved_ns: int

    @property
    def energy_j(self) -> float:
        """Energy over observed time in joules."""
        return self.energy_uw_ns / 1e15

    @property
    def counted_j(self) -> float:
        """The same as a counter: it waits where the energy falls, and goes on where that was."""
        return self.highest_uw_ns / 1e15


@dataclass(frozen=True, slots=True)
class SensorHealth:
    """How a sensor does.

    Attributes:
        sensor: Its name.
        up: Whether it answered the last time it was asked.
        readings: Readings so far.
        failures: Failed reads so far.
        failures_by_cause: The same by error number ("EIO") or kind of failure.
        missed_updates: Averages or lines that it made and that were not caught.
        read_s: Time spent reading it, in seconds.
        update_interval_s: Its true interval between updates, as observed; None before that is known.
        period_uncertainty_ratio: Standard uncertainty of that interval, relative; None before it is known.
        phase_uncertainty_s: Standard uncertainty of the moments between readings; None where it has no phase.
        last_reading_ns: Monotonic time where the newest reading ends; None without readings.
        last_failure: What was wrong the last time, for people; "" if nothing ever was.
    """

    sensor: str
    up: bool
    readings: int
    failures: int
    failures_by_cause: Mapping[str, int]
    missed_updates: int
    read_s: float
    update_interval_s: float | None
    period_uncertainty_ratio: float | None
    phase_uncertainty_s: float | None
    last_reading_ns: int | None
    last_failure: str


class RailAccount:
    """The account of one rail. One thread writes; any thread reads, and never waits.

    Args:
        rail: The rail.
        origin_ns: Monotonic time since when it is watched.
        capacity: Readings kept in the trace.
    """

    def __init__(self, rail: Rail, origin_ns: int, *, capacity: int = TRACE_CAPACITY) -> None:
        """Begin with no reading: the sensor is not up before its first one."""
        self.rail = rail
        self.origin_ns = origin_ns
        self.trace: Trace[Reading] = Trace(capacity)
        self.failures = FailureRecord()
        self._sums = 0, 0, 0, 0  # the fields of the totals, replaced as a whole
        self.settled_ns = origin_ns
        self.missed_updates = 0
        self.read_ns = 0
        self.update_interval_s: float | None = None
        self.period_uncertainty_ratio: float | None = None
        self.phase_uncertainty_s: float | None = None
        self.up = False
        self._readings = 0

    @property
    def totals(self) -> RailTotals:
        """The sums so far, consistent with each other."""
        return RailTotals(*self._sums)

    def add(self, reading: Reading) -> None:
        """Count a reading. What it covers before `settled_ns` is accounted for already, and cut off.

        Args:
            reading: Mean power over an interval.
        """
        start_ns, end_ns, settled_ns = reading.start_ns, reading.end_ns, self.settled_ns
        if start_ns < settled_ns:
            if end_ns <= settled_ns:
                return
            start_ns = settled_ns
            reading = Reading(start_ns, end_ns, reading.power_uw, reading.voltage_uv, reading.current_ua)
        covered_ns = end_ns - start_ns
        energy_uw_ns, highest_uw_ns, observed_ns, unobserved_ns = self._sums
        energy_uw_ns += reading.power_uw * covered_ns
        self.trace.append(reading)
        self._sums = (
            energy_uw_ns,
            max(highest_uw_ns, energy_uw_ns),
            observed_ns + covered_ns,
            unobserved_ns + start_ns - settled_ns,
        )
        self.settled_ns = end_ns
        self._readings += 1
        self.up = True

    def note_updates(self, phase: Phase, at_ns: int) -> None:
        """What is known of the sensor's updates from now on.

        Args:
            phase: Their moments.
            at_ns: Monotonic time near which their uncertainty is told.
        """
        self.update_interval_s = phase.period_ns * 1e-9
        self.period_uncertainty_ratio = phase.period_uncertainty_ns / phase.period_ns
        self.phase_uncertainty_s = phase.uncertainty_ns(at_ns) * 1e-9

    def fail(self, error: SensorError, start_ns: int, end_ns: int) -> None:
        """Record a read that failed.

        Args:
            error: What the sensor raised.
            start_ns: Monotonic time when the read began.
            end_ns: Monotonic time when it failed.
        """
        self.failures.add(error, start_ns, end_ns)
        self.up = False

    def unobserved_until(self, at_ns: int) -> None:
        """No reading will cover the time up to `at_ns` any more; the past stays as it is."""
        if at_ns <= self.settled_ns:
            return
        energy_uw_ns, highest_uw_ns, observed_ns, unobserved_ns = self._sums
        unobserved_ns += at_ns - self.settled_ns
        self._sums = energy_uw_ns, highest_uw_ns, observed_ns, unobserved_ns
        self.settled_ns = at_ns

    def newest(self) -> Reading | None:
        """The newest reading; None while the sensor fails."""
        return self.trace.newest() if self.up else None

    def health(self) -> SensorHealth:
        """How the sensor does now."""
        newest = self.trace.newest()
        last_failure = self.failures.trace.newest()
        return SensorHealth(
            sensor=self.rail.sensor,
            up=self.up,
            readings=self._readings,
            failures=self.failures.total,
            failures_by_cause=self.failures.by_cause,
            missed_updates=self.missed_updates,
            read_s=self.read_ns / 1e9,
            update_interval_s=self.update_interval_s,
            period_uncertainty_ratio=self.period_uncertainty_ratio,
            phase_uncertainty_s=self.phase_uncertainty_s,
            last_reading_ns=newest.end_ns if newest else None,
            last_failure=last_failure.what if last_failure else "",
        )
