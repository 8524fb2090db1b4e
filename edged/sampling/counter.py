"""An energy counter over time: each read covers the time since the read before, without loss."""

from edged.clock import NS_PER_S, Clock
from edged.power.reading import EnergyCount, Reading
from edged.power.sensor import Counter, Failure, SensorError
from edged.sampling.rail_account import UW_NS_PER_UJ, RailAccount
from edged.sampling.recovery import Recovery

# The counter itself moves about once a millisecond (RAPL), so that shorter intervals would be coarse.
_FAST_NS = NS_PER_S // 10
_SLOW_NS = NS_PER_S


class CounterSampler:
    """Reads one counter ten times a second in a measurement, once a second outside. A `Paced` sampler.

    A failed read loses nothing, for the next difference covers its time; unless the counter had to be
    opened anew, or jumped.

    Args:
        counter: The counter; it is opened by the first step.
        account: Where readings and failures go.
        clock: Where time comes from.
    """

    def __init__(self, counter: Counter, account: RailAccount, clock: Clock) -> None:
        """Begin outside a measurement, with a counter still to be opened."""
        self.account = account
        self._counter = counter
        self._clock = clock
        self._recovery = Recovery()
        self._fast = False
        self._waiting_fast = False  # the pace that the due time was set for
        self._due_ns = clock.monotonic_ns()
        self._previous: EnergyCount | None = None
        self._rest_uw_ns = 0  # of the division to whole microwatts; the next reading takes it

    @property
    def name(self) -> str:
        """Name of the counter's sensor."""
        return self.account.rail.sensor

    def begin_fast(self) -> None:
        """Read ten times a second from the next step on."""
        self._fast = True

    def end_fast(self) -> None:
        """Read once a second from the next step on."""
        self._fast = False

    def step(self) -> int:
        """Read the counter if it is due.

        Returns:
            Monotonic time of the next read, in nanoseconds.
        """
        started_ns = self._clock.monotonic_ns()
        hurried = self._fast and not self._waiting_fast and not self._recovery.failures
        if started_ns < self._due_ns and not hurried:
            return self._due_ns
        try:
            if self._recovery.to_open:
                self._counter.reopen()
                self._recovery.to_open = False
            count = self._counter.read()
        except SensorError as error:
            return self._failed(error, started_ns)
        now_ns = self._clock.monotonic_ns()
        self.account.read_ns += now_ns - started_ns
        self._recovery.succeeded()
        self._take(count)
        self._waiting_fast = self._fast
        period_ns = _FAST_NS if self._fast else _SLOW_NS
        self.account.update_interval_s = period_ns / NS_PER_S
        self._due_ns = max(started_ns + period_ns, now_ns)
        return self._due_ns

    def close(self) -> None:
        """Free what is open."""
        self._counter.close()

    def _take(self, count: EnergyCount) -> None:
        previous, self._previous = self._previous, count
        if previous is None:
            self.account.unobserved_until(count.at_ns)
            return
        covered_ns = count.at_ns - previous.at_ns
        if covered_ns <= 0:
            self._previous = previous
            return
        energy_uw_ns = (count.energy_uj - previous.energy_uj) * UW_NS_PER_UJ + self._rest_uw_ns
        power_uw, self._rest_uw_ns = divmod(energy_uw_ns, covered_ns)
        self.account.add(Reading(previous.at_ns, count.at_ns, power_uw))

    def _failed(self, error: SensorError, started_ns: int) -> int:
        now_ns = self._clock.monotonic_ns()
        self.account.fail(error, started_ns, now_ns)
        self._due_ns = now_ns + self._recovery.failed(error.kind, now_ns - started_ns)
        if error.kind is Failure.INVALID or self._recovery.to_open:
            # No difference will cover the time up to here any more.
            self._previous = None
            self.account.unobserved_until(now_ns)
        return self._due_ns
