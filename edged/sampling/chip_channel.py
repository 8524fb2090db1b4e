"""One chip over time: when to read it, and which interval each of its averages covers.

What its reads show of the value and its changes (`shown_value`) tells the moments of its updates (`phase`).
Where those are known, each average is read and counted by itself (`update_follower`); where not, they are
searched for, and only time in which nothing changes is counted (`update_search`).
"""

from edged.clock import Clock
from edged.power.sensor import Chip, Failure, SensorError
from edged.sampling.averaging import Averaging, is_long
from edged.sampling.frozen_value import FrozenValue
from edged.sampling.phase import Phase, Update
from edged.sampling.rail_account import RailAccount
from edged.sampling.recovery import Recovery
from edged.sampling.shown_value import RegisterRead, ShownValue, gapless_ns
from edged.sampling.update_follower import UpdateFollower
from edged.sampling.update_search import UpdateSearch

_WORTH_WAITING = 0.5  # share of a long average: when less is left of it, a measurement lets it finish
_OVERDUE = 0.1  # of a period: an average that was waited for and is not read by then will not come


class ChipChannel:
    """Reads one chip when its time has come, and fills its rail's account.

    Attributes:
        chip: The chip.
        account: The account.
        due_ns: Monotonic time of the next read.
        fast: Whether this is a measurement; after a change of it, `hurry`.

    Args:
        chip: The chip; it is opened by the first poll.
        account: Where readings and failures go.
        clock: Where time comes from.
        frozen_after_s: A value that stays the same for so long is a failure; None if it may. For kernels
            whose driver hands out its last value for ever when the bus fails.
    """

    def __init__(
        self, chip: Chip, account: RailAccount, clock: Clock, *, frozen_after_s: float | None = None
    ) -> None:
        """Begin outside a measurement, with a chip still to be opened."""
        now_ns = clock.monotonic_ns()
        self.chip = chip
        self.account = account
        self.due_ns = now_ns
        self.fast = False
        self._clock = clock
        self._recovery = Recovery()
        self._averaging = Averaging(chip, clock)
        self._frozen = None if frozen_after_s is None else FrozenValue(account.rail, frozen_after_s)
        self._asked_ns = now_ns  # when the pace has changed
        self._phase: Phase | None = None
        self._shown = ShownValue(now_ns)
        self._follower = UpdateFollower(account)
        self._search = UpdateSearch(account, self._shown)

    def hurry(self) -> None:
        """Be due now, for the pace has changed; unless the chip fails and is left alone."""
        self._asked_ns = self._clock.monotonic_ns()
        if not self._recovery.failures:
            self.due_ns = min(self.due_ns, self._asked_ns)

    def poll(self) -> None:
        """If it is due, read once and decide when to read next."""
        started_ns = self._clock.monotonic_ns()
        if started_ns < self.due_ns:
            return
        try:
            phase = self._ready()
            read = self._read()
            if self._averaging.lost(fast=self.fast):
                self.due_ns = self._clock.monotonic_ns()
                return
            if self._frozen is not None:
                self._frozen.refuse(read)
        except SensorError as error:
            self._failed(error, started_ns)
            return
        self._recovery.succeeded()
        changed = self._learn(phase, read)
        coming = phase.coming(read.before_ns)
        if phase.knows(coming):
            self._follower.take(phase, coming, read)
            self.due_ns = self._next_read_ns(phase, coming, read)
        else:
            self._follower.lose()
            if not changed:
                self._search.take(phase, read)
            self.due_ns = self._search.next_read_ns(phase, coming, read, fast=self.fast)
        if self._to_tune(phase):
            self.due_ns = self._clock.monotonic_ns()

    def close(self) -> None:
        """Free what the chip holds."""
        self.chip.close()

    def _ready(self) -> Phase:
        """Have the chip open and averaging as the mode asks for."""
        if self._recovery.to_open:
            self.chip.reopen()
            self._recovery.to_open = False
            self._averaging.forget()
        if self._phase is None or self._to_tune(self._phase):
            self._phase, anew = self._averaging.tune(self._phase, fast=self.fast)
            if anew:
                self._shown.forget()
                self._follower.begin(self._phase.last_before(self._clock.monotonic_ns()))
        return self._phase

    def _read(self) -> RegisterRead:
        before_ns = self._clock.monotonic_ns()
        sample = self.chip.read()
        read = RegisterRead(before_ns, self._clock.monotonic_ns(), sample)
        self.account.read_ns += read.took_ns
        return read

    def _learn(self, phase: Phase, read: RegisterRead) -> bool:
        """Learn from a read about the phase; tell whether the value has changed."""
        comparable, low_ns = self._shown.known, self._shown.read_ns
        changed = self._shown.take(read, phase.period_ns)
        if changed:
            if comparable and not phase.observe(low_ns, read.after_ns):
                self._averaging.doubt()
            self.account.note_updates(phase, read.after_ns)
        return changed

    def _next_read_ns(self, phase: Phase, coming: Update, read: RegisterRead) -> int:
        """When to read while the phase is known."""
        all_read = self.fast or is_long(phase.period_ns)
        due_ns = self._follower.next_read_ns(phase, coming, read, all_read=all_read)
        if all_read and not phase.knows(phase.update(coming.number + 1)):
            # Soon only time in which nothing has changed counts: leave no gap in which it might have.
            return min(due_ns, read.before_ns + gapless_ns(phase.period_ns))
        return due_ns

    def _to_tune(self, phase: Phase) -> bool:
        """Whether the chip is to average differently, and at once."""
        return self._averaging.tuned_fast is not self.fast and not self._lets_finish(phase)

    def _lets_finish(self, phase: Phase) -> bool:
        """Whether the averaging is changed later: a change discards the average under way.

        A long one that is nearly finished is waited for, and one that is finished is read before. So at most
        half of an average is lost; and a measurement, which begins with the load of a model and its warm-up,
        has short ones long before its idle guard time.
        """
        if self._averaging.tuned_fast is not False or not is_long(phase.period_ns):
            return False
        now_ns = self._clock.monotonic_ns()
        coming, counted = phase.coming(now_ns), self._follower.counted
        if counted is None or not phase.knows(coming):
            return self._shown.read_ns < self._asked_ns  # a last look at what has not changed
        if now_ns - self._asked_ns > (_WORTH_WAITING + _OVERDUE) * phase.period_ns:
            return False
        left_ns = coming.at_ns - now_ns
        return counted < coming.number - 1 or left_ns < _WORTH_WAITING * phase.period_ns

    def _failed(self, error: SensorError, started_ns: int) -> None:
        now_ns = self._clock.monotonic_ns()
        self.account.fail(error, started_ns, now_ns)
        self.account.unobserved_until(now_ns - 2 * self._averaging.nominal_ns)
        self._shown.forget()
        self._follower.interrupt()
        if error.kind is Failure.INVALID:  # a chip that was reset has forgotten its averaging
            self._averaging.forget()
            if self._phase is not None:
                self._phase.lost(now_ns)
        self.due_ns = now_ns + self._recovery.failed(error.kind, now_ns - started_ns)
