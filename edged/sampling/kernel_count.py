"""What the kernel's counters of one cooling device say of the time between two looks at them.

```
 counters begin          mark                                 look
 │ state 0 │ 1 │  state 0  │   state 0   │ 1 │ 2 │  state 0     │
                           ├─ length ──────────────────────────┤
                                         ├ cooled┤
```

Facts of drivers/thermal/thermal_sysfs.c that this builds on:

* A read first adds the time of the present state up: what is read is as new as the read.
* Time is that of CLOCK_MONOTONIC, which stands while the board is suspended, as ours does.
* Each state is cut to whole milliseconds. So the cooled time of an interval is its length less the growth of
  state 0, which is cut only once; and while no transition is counted it is all of the interval, or nothing.
* `stats/reset` and a device that is registered anew begin all counters at 0. They then add up to less than
  the time since the mark.
"""

from dataclasses import dataclass, replace

from edged.board.cooling import NS_PER_MS, CoolingStatistics

# Two states of a device so far apart in time say nothing of what was in between.
_NEAR_NS = 5_000_000_000
_STARTING_NS = 60_000_000_000
_MOST_IN_ONE_PIECE = 2


@dataclass(frozen=True, slots=True)
class KernelMark:
    """What a device's counters were at one moment: enough to tell later what they have counted since.

    Attributes:
        at_ns: Monotonic time of the look.
        state: State of the device; 0 is no cooling.
        transitions: Changes of state since the counters began.
        rest_ns: Time in state 0 since then, as exact as is known.
        cooled_ns: Time in all other states since then, as the kernel shows it.
    """

    at_ns: int = 0
    state: int = 0
    transitions: int = 0
    rest_ns: int = 0
    cooled_ns: int = 0


# The monotonic clock begins with the boot, and with it the counters of every device: nothing was cooled.
BOOT = KernelMark()


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known of one device in the time between two looks.

    Attributes:
        length_ns: The time.
        cooled_ns: How much of it the device was above state 0, to the best of knowledge.
        doubt_ns: How far that may be off.
        at_start: Whether it was above state 0 at the beginning.
        at_end: Whether it is at the end.
        transitions: Changes of state in between, as far as they are known.
    """

    length_ns: int
    cooled_ns: int
    doubt_ns: int
    at_start: bool
    at_end: bool
    transitions: int

    @property
    def at_one_end(self) -> bool:
        """Whether all of the cooled time lies in one piece at the beginning, or at the end."""
        return self.at_start != self.at_end and self.transitions <= _MOST_IN_ONE_PIECE


def mark_of(statistics: CoolingStatistics, at_ns: int) -> KernelMark:
    """The counters as a mark that knows nothing of earlier ones.

    Args:
        statistics: The counters.
        at_ns: Monotonic time when they were read.
    """
    times_ns = statistics.time_in_state_ns
    return KernelMark(
        at_ns=at_ns,
        state=statistics.state,
        transitions=statistics.transitions,
        rest_ns=times_ns.get(0, 0) + NS_PER_MS // 2,
        cooled_ns=sum(time_ns for state, time_ns in times_ns.items() if state > 0),
    )


def began_ns(mark: KernelMark) -> int:
    """Monotonic time when the counters began; a few milliseconds late at most."""
    return mark.at_ns - mark.rest_ns - mark.cooled_ns


def counted_since(
    before: KernelMark, statistics: CoolingStatistics, at_ns: int
) -> tuple[Stretch, KernelMark]:
    """What happened since a mark.

    Args:
        before: The mark.
        statistics: The counters now.
        at_ns: Monotonic time when they were read.

    Returns:
        The time since the mark, and the mark of now.
    """
    now = mark_of(statistics, at_ns)
    shown_ns, hidden_ns = _cut_ns(statistics)
    cut_ns = shown_ns + hidden_ns
    went_back = now.rest_ns + NS_PER_MS < before.rest_ns or now.cooled_ns < before.cooled_ns
    later_ns = began_ns(now) - began_ns(before)
    begun_since = began_ns(now) + NS_PER_MS >= before.at_ns and later_ns > cut_ns + 2 * NS_PER_MS
    if before == BOOT or went_back or now.transitions < before.transitions or begun_since:
        return _begun_anew(before, now, shown_ns, hidden_ns), now
    length_ns = at_ns - before.at_ns
    grown_ns = now.cooled_ns - before.cooled_ns
    if now.transitions == before.transitions:
        cooled_ns = length_ns if 2 * grown_ns > length_ns else 0
    else:
        # A look that was held up between the read and its time stamp must not count its waiting.
        by_rest_ns = length_ns - (now.rest_ns - before.rest_ns)
        by_states_ns = min(max(by_rest_ns, grown_ns - cut_ns), grown_ns + cut_ns + NS_PER_MS)
        cooled_ns = min(max(by_states_ns, 0), length_ns)
    stretch = Stretch(
        length_ns=length_ns,
        cooled_ns=cooled_ns,
        doubt_ns=0,
        at_start=before.state > 0,
        at_end=now.state > 0,
        transitions=now.transitions - before.transitions,
    )
    return stretch, replace(now, rest_ns=before.rest_ns + length_ns - cooled_ns)


def _cut_ns(statistics: CoolingStatistics) -> tuple[int, int]:
    """How much is cut off at most: of the states above 0 that show time, and of those that show none yet."""
    above_ns = [time_ns for state, time_ns in statistics.time_in_state_ns.items() if state > 0]
    shown = sum(time_ns > 0 for time_ns in above_ns)
    hidden = min(len(above_ns) - shown, max(0, statistics.transitions - shown))
    return shown * NS_PER_MS, hidden * NS_PER_MS


def _begun_anew(before: KernelMark, now: KernelMark, shown_ns: int, hidden_ns: int) -> Stretch:
    """The counters tell of the time since they were reset; of the time before, only the mark's state does."""
    lost_ns = max(0, began_ns(now) - before.at_ns)
    cooled_ns = now.cooled_ns + shown_ns // 2
    if before == BOOT:
        # While the board starts there is no device yet; later, one that was reset looks like one that came.
        lost_ns *= lost_ns > _STARTING_NS
    elif lost_ns <= _NEAR_NS:
        at_reset = now.state > 0 if now.transitions == 0 else before.state > 0
        cooled_ns += lost_ns * ((before.state > 0) + at_reset) // 2
    length_ns = now.at_ns - before.at_ns
    return Stretch(
        length_ns=length_ns,
        cooled_ns=min(cooled_ns, length_ns),
        doubt_ns=lost_ns + shown_ns // 2 + hidden_ns + NS_PER_MS,  # state 0 is cut anew
        at_start=before.state > 0,
        at_end=now.state > 0,
        # How many were lost is not known: enough that nothing is taken for being in one piece.
        transitions=now.transitions + _MOST_IN_ONE_PIECE + 1,
    )
