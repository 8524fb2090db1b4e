"""An external meter over time: each of its lines covers the time since the line before.

```
 lines        │        │        │                 │        │
 readings     ├────────┤├───────┤        ├────────┤├───────┤
                                  a line was lost: not covered
```
"""

from edged.clock import Clock
from edged.power.reading import Sample
from edged.power.sensor import Meter, SensorError
from edged.sampling.rail_account import RailAccount
from edged.sampling.recovery import Recovery

_WAIT_S = 0.25  # so long a step may wait for a line: a stop is obeyed in between
_LOST = 1.6  # usual intervals between two lines, above which a line is missing
_TOO_SOON = 0.6
_CHANGED = 5  # unusual intervals in a row: the meter's logging interval was changed


class MeterSampler:
    """Listens to one meter. Its pace is the meter's own, so it is not `Paced`.

    Args:
        meter: The meter; it is opened by the first step.
        account: Where readings and failures go.
        clock: Where time comes from.
    """

    def __init__(self, meter: Meter, account: RailAccount, clock: Clock) -> None:
        """Begin with a meter still to be opened."""
        self.account = account
        self._meter = meter
        self._clock = clock
        self._recovery = Recovery()
        self._due_ns = clock.monotonic_ns()
        self._previous_ns: int | None = None
        self._usual_ns: float | None = None
        self._unusual = 0

    @property
    def name(self) -> str:
        """Name of the meter's sensor."""
        return self.account.rail.sensor

    def step(self) -> int:
        """Wait a moment for lines, and count those that came.

        Returns:
            Monotonic time of the next step, in nanoseconds: at once, unless the meter fails.
        """
        started_ns = self._clock.monotonic_ns()
        if started_ns < self._due_ns:
            return self._due_ns
        try:
            if self._recovery.to_open:
                self._meter.reopen()
                self._recovery.to_open = False
                self._previous_ns = None
            samples = self._meter.receive(_WAIT_S)
        except SensorError as error:
            return self._failed(error, started_ns)
        for sample in samples:
            self._take(sample)
            self._recovery.succeeded()
        return self._clock.monotonic_ns()

    def close(self) -> None:
        """Disconnect."""
        self._meter.close()

    def _take(self, sample: Sample) -> None:
        previous_ns, self._previous_ns = self._previous_ns, sample.at_ns
        if previous_ns is None:
            if self._usual_ns is not None:
                self._count(sample, sample.at_ns - round(self._usual_ns))
            return
        interval_ns = sample.at_ns - previous_ns
        if self._usual_ns is None:
            self._usual_ns = float(interval_ns)
        elif _TOO_SOON * self._usual_ns < interval_ns < _LOST * self._usual_ns:
            self._usual_ns += (interval_ns - self._usual_ns) / 16
            self._unusual = 0
        else:
            self._unusual += 1
            if self._unusual >= _CHANGED:
                self._usual_ns, self._unusual = float(interval_ns), 0
        if interval_ns >= _LOST * self._usual_ns:
            self.account.missed_updates += round(interval_ns / self._usual_ns) - 1
            previous_ns = sample.at_ns - round(self._usual_ns)
        self._count(sample, previous_ns)

    def _count(self, sample: Sample, start_ns: int) -> None:
        if self._usual_ns is not None:
            self.account.update_interval_s = self._usual_ns / 1e9
        self.account.add(sample.over(start_ns, sample.at_ns))

    def _failed(self, error: SensorError, started_ns: int) -> int:
        now_ns = self._clock.monotonic_ns()
        self.account.fail(error, started_ns, now_ns)
        self.account.unobserved_until(now_ns - 2 * round(self._usual_ns or 0))
        # A meter's read waits for lines and keeps nobody else waiting: its duration does not matter.
        self._due_ns = now_ns + self._recovery.failed(error.kind, 0)
        return self._due_ns
