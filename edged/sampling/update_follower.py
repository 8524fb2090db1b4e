"""The chip's updates are known: each average is read just after its update, and counted once.

```
 updates       │                    │                    │                    │
 reads          ▯                    ▯                  ▯ ▯                    ▯
 readings  ├────────────────────┤├────────────────────┤├────────────────────┤
             each covers from one update to the next     probe
```
"""

import math

from edged.power.reading import Sample
from edged.sampling.averaging import SLOW_PERIOD_NS
from edged.sampling.phase import KNOWN, SURE, Phase, Update
from edged.sampling.probes import Probes
from edged.sampling.rail_account import RailAccount
from edged.sampling.shown_value import RegisterRead, same_value

_MS = 1_000_000
# The shunt's and the bus' last conversions end one conversion apart, and their registers may change so.
_SKEW_NS = 1_200_000
_LOUD = 0.5  # share of changes among new averages, above which an equal one is worth a second look
_SHORTEST_NS = 16 * _MS  # between two averages that are read: shorter ones than this are read in part


class UpdateFollower:
    """Counts the averages of one chip, and says when to read the next.

    Attributes:
        counted: Number of the update that finished the newest average counted; None after its track was lost.

    Args:
        account: Where the readings go.
    """

    def __init__(self, account: RailAccount) -> None:
        """Begin with nothing counted."""
        self.counted: int | None = None
        self._account = account
        self._probes = Probes()
        self._counted_sample: Sample | None = None
        self._first_look: tuple[Update, Sample] | None = None  # at an average equal to the one before
        self._stride = 1  # averages from the one counted to the one to be read next
        self._loudness = 1.0  # share of changes among the newest averages

    def begin(self, number: int) -> None:
        """The updates began anew: what the registers hold up to this one was averaged before."""
        self.counted = number
        self._counted_sample = self._first_look = None
        self._probes.begin(number)

    def lose(self) -> None:
        """The updates are not known any more."""
        self.counted = self._first_look = None

    def interrupt(self) -> None:
        """A read failed: no second look at what was seen before."""
        self._first_look = None

    def take(self, phase: Phase, coming: Update, read: RegisterRead) -> None:
        """Count the average that a read showed, if it surely is of one, and that was not counted yet.

        Args:
            phase: What is known of the chip's updates.
            coming: The first update after the read began.
            read: The read.
        """
        index = coming.number - 1
        if self.counted is not None and index <= self.counted:
            return
        if read.after_ns > coming.at_ns - SURE * coming.uncertainty_ns:
            return
        last = phase.update(index)
        if read.before_ns >= last.at_ns + SURE * last.uncertainty_ns + _SKEW_NS / 2:
            self._take(phase, last, read.sample)

    def next_read_ns(self, phase: Phase, coming: Update, read: RegisterRead, *, all_read: bool) -> int:
        """When to read next: just after an update, now and then before or amid one.

        Args:
            phase: What is known of the chip's updates.
            coming: The first update after the newest read began.
            read: That read.
            all_read: Whether no average is to be missed; otherwise one is read about every second.

        Returns:
            Monotonic time in nanoseconds.
        """
        now_ns = read.after_ns
        target = coming.number if now_ns >= coming.at_ns else coming.number - 1
        if self.counted is not None:
            self._stride = _next_stride(phase, self.counted, all_read=all_read)
            target = max(target, self.counted + self._stride)
        update = coming if target == coming.number else phase.update(target)
        sure_ns = SURE * update.uncertainty_ns
        due_ns = update.at_ns + sure_ns + _SKEW_NS
        if self._first_look is not None and self._first_look[0].number == target and due_ns <= now_ns:
            due_ns = now_ns + max(_MS, sure_ns)
        if max(due_ns, now_ns) + read.took_ns > update.at_ns + phase.period_ns - sure_ns:
            update = phase.update(target + 1)
            due_ns = update.at_ns + sure_ns + _SKEW_NS
        probe_ns = self._probes.next_ns(phase, update, self._loudness, now_ns=now_ns, read_ns=read.took_ns)
        return max(round(due_ns), now_ns) if probe_ns is None else probe_ns

    def _take(self, phase: Phase, last: Update, sample: Sample) -> None:
        """Count an average; one that is equal to the last may be worth a second look before."""
        first, self._first_look = self._first_look, None
        if first is not None and first[0].number < last.number:
            self._count(phase, *first)  # the second look came too late
        fresh = self._counted_sample is None or not same_value(self._counted_sample, sample)
        if not fresh and first is None and self._loudness > _LOUD:
            self._first_look = (last, sample)
            return
        self._loudness += (fresh - self._loudness) / 4
        self._count(phase, last, sample)

    def _count(self, phase: Phase, last: Update, sample: Sample) -> None:
        account = self._account
        start_ns, end_ns = account.settled_ns, round(last.at_ns)
        # An average follows the one counted before; not so the first one after the averaging was changed: the
        # account may have been settled long before that.
        follows = self.counted is not None and last.number == self.counted + 1
        if not follows or start_ns < last.at_ns - 1.5 * phase.period_ns:
            start_ns = max(start_ns, round(last.at_ns - phase.period_ns))
        self.counted, self._counted_sample = last.number, sample
        if end_ns <= start_ns:
            return
        if start_ns > account.settled_ns:
            lost = round((start_ns - account.settled_ns) / phase.period_ns)
            account.missed_updates += max(0, lost - self._stride + 1)
        account.add(sample.over(start_ns, end_ns))


def _next_stride(phase: Phase, counted: int, *, all_read: bool) -> int:
    """How many averages on the next one is to be read: as many as the phase can be trusted for."""
    period_ns = phase.period_ns
    if all_read:
        return math.ceil(_SHORTEST_NS / period_ns)
    stride = max(1, round(SLOW_PERIOD_NS / period_ns))
    while stride > 1 and phase.moment_uncertainty_ns(counted + stride) > KNOWN / 2 * period_ns:
        stride //= 2
    return stride
