"""One chip over time: when to read it, and which interval each of its averages covers.

Phase known: one read just after each predicted update; now and then a probe at the very moment of an
update, to see on which side of it the chip is.

```
 updates       │                    │                    │                    │
 reads          ▯                    ▯                  ▯ ▯                    ▯
 readings  ├────────────────────┤├────────────────────┤├────────────────────┤
             each covers from one update to the next     probe
```

Phase unknown: reads in quick succession, until changes of the value have shown the updates. Meanwhile only
time in which nothing changed counts as observed: a value that stays for longer than a period is that of
every average in between, wherever their ends are.
"""

import math

from edged.clock import NS_PER_S, Clock
from edged.power.reading import Reading, Sample
from edged.power.sensor import Chip, Failure, SensorError
from edged.sampling.averaging import Averaging
from edged.sampling.phase import CLOCK_TOLERANCE, Phase, Update
from edged.sampling.rail_account import RailAccount
from edged.sampling.recovery import Recovery

SLOW_PERIOD_NS = NS_PER_S
_MS = 1_000_000

# Of a period: the phase is known, and a read in between updates is certain, when its standard uncertainty is
# less.
_KNOWN = 1 / 12
_ROUGHLY_KNOWN = 1 / 5
_SURE = 4.0  # standard uncertainties that a read keeps away from an update
# The shunt's and the bus' last conversions end one conversion apart, and their registers may change so.
_SKEW_NS = 1_200_000
_SHARPEST_NS = 600_000  # half of what a read takes: more cannot be seen
_SHARPEST_SHARE = 0.002  # nor better than this share of a period
_LOUD = 0.5  # share of changes among new averages, above which an equal one is worth a second look
_NEARLY_SILENT = 0.1  # below which a probe is hardly ever answered
_SHORTEST_NS = 16 * _MS  # between two averages that are read: shorter ones than this are read in part
_POLL_SHORTEST_NS = 4 * _MS
_LONG_AVERAGE_NS = 200 * _MS  # averages as long as this are all read, outside measurements too
_LIVELY_NS = 3 * NS_PER_S  # after a change, further ones are soon to come
_QUIET_NS = 10 * NS_PER_S
_PROVE_EVERY, _PROVE_EVERY_NS = 16, 2 * NS_PER_S  # averages and time after which the phase is proved
# Of a period: on a still rail reads at most this far apart leave no update unseen, whatever the chip's clock.
_CLOSE = 1 - CLOCK_TOLERANCE - 0.05
_STILL = 0.7  # how far apart they are, so that a late one is still close enough
_WORTH_WAITING = 0.5  # share of a long average: when less is left of it, a measurement lets it finish
_CHECK_EVERY = 64  # reads in a measurement after which the averaging is looked at


class ChipChannel:
    """Reads one chip when its time has come, and fills its rail's account.

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
        self._frozen_after_ns = None if frozen_after_s is None else round(frozen_after_s * NS_PER_S)
        self._averaging = Averaging(chip, clock)
        self._recovery = Recovery()
        self._tuned_fast: bool | None = None
        self._asked_ns = now_ns  # when the pace has changed
        self._phase: Phase | None = None
        self._reads_since_check = 0
        self._previous: Sample | None = None
        self._previous_before_ns = now_ns
        self._unchanged_since_ns = now_ns
        self._looked_since_ns = now_ns  # since when no update can have gone unseen, the value being the same
        self._shown: Sample | None = None
        self._shown_since_ns = now_ns
        self._loudness = 1.0
        self._counted: int | None = None
        self._counted_sample: Sample | None = None
        self._first_look: tuple[Update, Sample] | None = None  # at an average equal to the one before
        self._stride = 1  # averages from the one counted to the one to be read next
        self._probed: int | None = None
        self._proved = 0

    @property
    def phase(self) -> Phase | None:
        """What is known of the chip's updates; None before it was first opened."""
        return self._phase

    @property
    def phase_known(self) -> bool:
        """Whether each average is counted by itself; if not, only time in which nothing changes is."""
        return self._phase is not None and self._phase.known(self._clock.monotonic_ns(), _KNOWN)

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
            before_ns = self._clock.monotonic_ns()
            sample = self.chip.read()
            after_ns = self._clock.monotonic_ns()
            self.account.read_ns += after_ns - before_ns
            self._reads_since_check += 1
            look_now = not self.fast or self._reads_since_check >= _CHECK_EVERY
            if look_now and self._averaging_changed():
                return
            if self._frozen_after_ns is not None:
                self._refuse_frozen(sample, before_ns, self._frozen_after_ns)
        except SensorError as error:
            self._failed(error, started_ns)
            return
        self._recovery.succeeded()
        changed = self._learn(phase, sample, before_ns, after_ns)
        coming = phase.update(phase.last_before(before_ns) + 1)
        if coming.uncertainty_ns < _KNOWN * phase.period_ns:
            self._look(phase, coming, sample, before_ns, after_ns)
            self.due_ns = self._next_read(phase, coming, before_ns, after_ns)
            all_read = self.fast or phase.period_ns >= _LONG_AVERAGE_NS
            if all_read and phase.moment_uncertainty_ns(coming.number + 1) >= _KNOWN * phase.period_ns:
                # Soon only time in which nothing has changed counts: leave no gap in which it might have.
                self.due_ns = min(self.due_ns, before_ns + round(_STILL * phase.period_ns))
        else:
            self._counted = self._first_look = None
            if not changed:
                self._hold(phase, sample, before_ns)
            self.due_ns = self._next_look(phase, coming, before_ns, after_ns)
        if self._tuned_fast is not self.fast and not self._lets_finish(phase):
            self.due_ns = self._clock.monotonic_ns()

    def close(self) -> None:
        """Free what the chip holds."""
        self.chip.close()

    def _ready(self) -> Phase:
        """Have the chip open and averaging as the mode asks for."""
        if self._recovery.to_open:
            self.chip.reopen()
            self._recovery.to_open = False
            self._tuned_fast = None
        if self._phase is None or (self._tuned_fast is not self.fast and not self._lets_finish(self._phase)):
            self._phase, anew = self._averaging.tune(self._phase, fast=self.fast)
            self._tuned_fast = self.fast
            self._reads_since_check = 0
            if anew:
                # What the registers still hold was averaged before.
                self._counted = self._phase.last_before(self._clock.monotonic_ns())
                self._previous = self._counted_sample = self._first_look = self._probed = None
        return self._phase

    def _lets_finish(self, phase: Phase) -> bool:
        """Whether the averaging is changed later: a change discards the average under way.

        A long one that is nearly finished is waited for, and one that is finished is read before. So at most
        half of an average is lost; and a measurement, which begins with the load of a model and its warm-up,
        has short ones long before its idle guard time.
        """
        if self._tuned_fast is not False or phase.period_ns < _LONG_AVERAGE_NS:
            return False
        now_ns = self._clock.monotonic_ns()
        coming = phase.update(phase.last_before(now_ns) + 1)
        if coming.uncertainty_ns > _KNOWN * phase.period_ns or self._counted is None:
            return self._previous_before_ns < self._asked_ns  # a last look at what has not changed
        left_ns = coming.at_ns - now_ns
        if now_ns - self._asked_ns > (_WORTH_WAITING + 0.1) * phase.period_ns:
            return False  # it should have been read by now
        return self._counted < coming.number - 1 or left_ns < _WORTH_WAITING * phase.period_ns

    def _averaging_changed(self) -> bool:
        """Whether the chip averages differently from what it was told: it was reset."""
        self._reads_since_check = 0
        if not self._averaging.lost():
            return False
        self._tuned_fast = None
        self.due_ns = self._clock.monotonic_ns()
        return True

    def _learn(self, phase: Phase, sample: Sample, before_ns: int, after_ns: int) -> bool:
        """Learn from a sample about the phase; tell whether the value has changed."""
        previous, self._previous = self._previous, sample
        low_ns, self._previous_before_ns = self._previous_before_ns, before_ns
        changed = previous is None or not _equal(previous, sample)
        if changed:
            self._unchanged_since_ns = self._looked_since_ns = before_ns
            if previous is not None and not phase.observe(low_ns, after_ns):
                self._reads_since_check = _CHECK_EVERY
            self._tell(phase, after_ns)
        elif before_ns - low_ns > _CLOSE * phase.period_ns:
            self._looked_since_ns = before_ns
        return changed

    def _look(self, phase: Phase, coming: Update, sample: Sample, before_ns: int, after_ns: int) -> None:
        """Count a sample that surely is of one average, if that was not counted yet."""
        index = coming.number - 1
        if self._counted is not None and index <= self._counted:
            return
        if after_ns > coming.at_ns - _SURE * coming.uncertainty_ns:
            return
        last = phase.update(index)
        if before_ns >= last.at_ns + _SURE * last.uncertainty_ns + _SKEW_NS / 2:
            self._take(phase, last, sample)

    def _take(self, phase: Phase, last: Update, sample: Sample) -> None:
        """Count an average; one that is equal to the last may be worth a second look before."""
        first, self._first_look = self._first_look, None
        if first is not None and first[0].number < last.number:
            self._count(phase, *first)  # the second look came too late
        fresh = self._counted_sample is None or not _equal(self._counted_sample, sample)
        if not fresh and first is None and self._loudness > _LOUD:
            self._first_look = (last, sample)
            return
        self._loudness += (fresh - self._loudness) / 4
        self._count(phase, last, sample)

    def _count(self, phase: Phase, last: Update, sample: Sample) -> None:
        account = self.account
        start_ns, end_ns = account.settled_ns, round(last.at_ns)
        # An average follows the one counted before; not so the first one after the averaging was changed: the
        # account may have been settled long before that.
        follows = self._counted is not None and last.number == self._counted + 1
        if not follows or start_ns < last.at_ns - 1.5 * phase.period_ns:
            start_ns = max(start_ns, round(last.at_ns - phase.period_ns))
        self._counted, self._counted_sample = last.number, sample
        if end_ns <= start_ns:
            return
        if start_ns > account.settled_ns:
            lost = round((start_ns - account.settled_ns) / phase.period_ns)
            account.missed_updates += max(0, lost - self._stride + 1)
        account.add(Reading(start_ns, end_ns, sample.power_uw, sample.voltage_uv, sample.current_ua))

    def _hold(self, phase: Phase, sample: Sample, before_ns: int) -> None:
        """Count the time in which every average must have had this value."""
        start_ns = max(self._looked_since_ns, self.account.settled_ns)
        end_ns = before_ns - round((1 + CLOCK_TOLERANCE) * phase.period_ns)
        if end_ns > start_ns:
            self.account.add(Reading(start_ns, end_ns, sample.power_uw, sample.voltage_uv, sample.current_ua))
            self._tell(phase, end_ns)

    def _tell(self, phase: Phase, at_ns: int) -> None:
        """Let others know what is known of the updates."""
        account = self.account
        account.update_interval_s = phase.period_ns * 1e-9
        account.period_uncertainty_ratio = phase.period_uncertainty_ns / phase.period_ns
        account.phase_uncertainty_s = phase.uncertainty_ns(at_ns) * 1e-9

    def _refuse_frozen(self, sample: Sample, now_ns: int, frozen_after_ns: int) -> None:
        if self._shown is None or not _equal(self._shown, sample):
            self._shown, self._shown_since_ns = sample, now_ns
        elif now_ns - self._shown_since_ns > frozen_after_ns:
            rail = self.account.rail
            seconds = frozen_after_ns / NS_PER_S
            raise SensorError(
                rail, Failure.INVALID, f"has shown the same value for {seconds:g} s", where=rail.address
            )

    def _failed(self, error: SensorError, started_ns: int) -> None:
        now_ns = self._clock.monotonic_ns()
        self.account.fail(error, started_ns, now_ns)
        self.account.unobserved_until(now_ns - 2 * self._averaging.nominal_ns)
        self._previous = self._first_look = None
        if error.kind is Failure.INVALID:
            self._tuned_fast = None  # a chip that was reset has forgotten its averaging
            if self._phase is not None:
                self._phase.lost(now_ns)
        self.due_ns = now_ns + self._recovery.failed(error.kind, now_ns - started_ns)

    def _next_stride(self, phase: Phase, counted: int) -> int:
        """How many averages on the next one is to be read: as many as the phase can be trusted for."""
        period_ns = phase.period_ns
        if self.fast or period_ns >= _LONG_AVERAGE_NS:
            return math.ceil(_SHORTEST_NS / period_ns)
        stride = max(1, round(SLOW_PERIOD_NS / period_ns))
        while stride > 1 and phase.moment_uncertainty_ns(counted + stride) > _KNOWN / 2 * period_ns:
            stride //= 2
        return stride

    def _next_read(self, phase: Phase, coming: Update, before_ns: int, now_ns: int) -> int:
        """When to read while the phase is known: just after an update, now and then in the middle of one."""
        target = coming.number if now_ns >= coming.at_ns else coming.number - 1
        if self._counted is not None:
            self._stride = self._next_stride(phase, self._counted)
            target = max(target, self._counted + self._stride)
        update = coming if target == coming.number else phase.update(target)
        sure_ns = _SURE * update.uncertainty_ns
        due_ns = update.at_ns + sure_ns + _SKEW_NS
        if self._first_look is not None and self._first_look[0].number == target and due_ns <= now_ns:
            due_ns = now_ns + max(_MS, sure_ns)
        read_ns = now_ns - before_ns
        if max(due_ns, now_ns) + read_ns > update.at_ns + phase.period_ns - sure_ns:
            update = phase.update(target + 1)
            due_ns = update.at_ns + sure_ns + _SKEW_NS
        if self._probed != update.number:
            probe_ns = self._probe_ns(phase, update, read_ns)
            if probe_ns is not None and probe_ns > now_ns:
                self._probed = update.number
                return round(probe_ns)
        return max(round(due_ns), now_ns)

    def _probe_ns(self, phase: Phase, update: Update, read_ns: int) -> float | None:
        """When to probe before reading a new average; None if there is no need."""
        if update.uncertainty_ns > max(_SHARPEST_NS, _SHARPEST_SHARE * phase.period_ns):
            often = self._loudness > _NEARLY_SILENT or update.number % 8 == 0
            return update.at_ns - read_ns / 2 if often else None
        # A chip that began anew gives one new average a period too: only a look where there can be no
        # update yet shows that it is elsewhere.
        if update.number - self._proved >= max(_PROVE_EVERY, _PROVE_EVERY_NS / phase.period_ns):
            self._proved = update.number
            return update.at_ns - _SURE * update.uncertainty_ns - 2 * read_ns
        return None

    def _next_look(self, phase: Phase, coming: Update, before_ns: int, now_ns: int) -> int:
        """When to read while the phase is unknown: often after a change, seldom on a rail that sleeps."""
        unchanged_ns = now_ns - self._unchanged_since_ns
        if not self.fast and unchanged_ns > _QUIET_NS:
            still_ns = round(_STILL * phase.period_ns)
            return before_ns + (still_ns if phase.period_ns >= _LONG_AVERAGE_NS else SLOW_PERIOD_NS)
        lively = unchanged_ns < max(_LIVELY_NS, 4 * phase.period_ns)
        latest_ns = before_ns + max(_POLL_SHORTEST_NS, round((0.3 if lively else 0.45) * phase.period_ns))
        # Where the next update is known to some degree, narrow it down.
        if lively and coming.uncertainty_ns < _ROUGHLY_KNOWN * phase.period_ns:
            earliest_ns = max(now_ns, before_ns + _POLL_SHORTEST_NS // 2)
            for aside in (-1.2, -0.4, 0.4, 1.2):
                at_ns = round(coming.at_ns + aside * coming.uncertainty_ns)
                if earliest_ns <= at_ns < latest_ns:
                    return at_ns
        return max(now_ns, latest_ns)


def _equal(one: Sample, other: Sample) -> bool:
    return (
        one.power_uw == other.power_uw
        and one.current_ua == other.current_ua
        and one.voltage_uv == other.voltage_uv
    )
