"""Whether the silicon is being held back: throttled time of each CPU cluster.

A cluster is throttled while a cooling device that limits its clock is above state 0. A fan is not
throttling, and a lower `scaling_max_freq` alone is a user's limit.

| what the kernel has | how throttled time is known |
|---|---|
| `cooling_device*/stats` | counted: nothing between two samples is lost, nor while edged is not there |
| `cpufreq/stats` only | sampled states; time at the highest clock was not throttled |
| neither | sampled states: half of an interval counts where only one of its ends was throttled |

**Several devices on one cluster.** It is throttled while any of them is above 0. Their counters do not say
how their times lie to each other. Where each has all of its time at one end of the interval between two
samples, the union is known. Else it is between the longest and the sum of them: the longest counts, and the
rest is doubt. So with several devices seconds may be too few, by no more than `doubt_ns`, never too many.

**Counters that began anew** (`stats/reset`, a driver bound again) tell nothing of the time between the last
sample and that moment: sampled states decide there, and that time is doubt.

**Over a restart** the marks of the last life say where counting goes on: in the same boot at the mark, in
another one at its beginning.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from edged.board.parts import Board
from edged.sampling.conditions import TRACE_CAPACITY, Conditions
from edged.sampling.kernel_count import BOOT, KernelMark, Stretch, began_ns, counted_since, mark_of
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
        events: How often it began to be, at least.
        counted_by_kernel: Whether `throttled_ns` comes from the kernel's counters, not from samples.
        doubt_ns: How far `throttled_ns` may be off, rounding to milliseconds aside. With sampled states,
            a state that came and went between two samples is not in it: nobody knows of it.
        marks: Where the kernel's counters were at the newest sample, by cooling device.
    """

    throttled: bool = False
    throttled_ns: int = 0
    events: int = 0
    counted_by_kernel: bool = False
    doubt_ns: int = 0
    marks: Mapping[str, KernelMark] = field(default_factory=dict)


class Throttling:
    """Accounts for throttling from the board's conditions. One thread adds, any thread reads.

    Args:
        board: Its CPU clusters, and the cooling devices that limit them.
    """

    def __init__(self, board: Board) -> None:
        """Begin with no throttling on any cluster."""
        self._writing = threading.Lock()  # held for arithmetic only, never for a read
        self._devices = _limiting(board)
        self._spans: dict[str, Trace[ThrottledSpan]] = {name: Trace(TRACE_CAPACITY) for name in self._devices}
        self.totals: Mapping[str, ThrottlingTotals] = MappingProxyType(
            {name: ThrottlingTotals() for name in self._devices}
        )

    def add(self, conditions: Conditions) -> None:
        """Account for the interval of a sample; samples come in order of time."""
        with self._writing:
            self.totals = MappingProxyType(
                {name: self._after(name, totals, conditions) for name, totals in self.totals.items()}
            )

    def resume(self, marks: Mapping[str, KernelMark], *, same_boot: bool) -> None:
        """Go on where an earlier life of the daemon ended; from any thread, before anybody asks for totals.

        What was counted so far in this life is counted again from the marks on, once.

        Args:
            marks: Where the kernel's counters were when the counts so far were taken, by cooling device.
            same_boot: Whether the machine has not been started since.
        """
        goes_on = {name: mark if same_boot else BOOT for name, mark in marks.items()}
        with self._writing:
            self.totals = MappingProxyType(
                {
                    name: _resumed(totals, {d: goes_on[d] for d in self._devices[name] if d in goes_on})
                    for name, totals in self.totals.items()
                }
            )

    def follow(self, board: Board) -> None:
        """From now on account for the cooling devices that the board has now; counts and marks stay."""
        limiting = _limiting(board)
        with self._writing:
            self._devices = {name: limiting.get(name, ()) for name in self._devices}

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
        devices = self._devices[name]
        counted = {d: conditions.cooling_statistics[d] for d in devices if d in conditions.cooling_statistics}
        sampled = {d: conditions.cooling_states[d] for d in devices if d in conditions.cooling_states}
        if not counted and not sampled:
            return before
        now = any(each.state > 0 for each in counted.values()) or any(
            state > 0 for device, state in sampled.items() if device not in counted
        )
        stretches, marks = [], dict(before.marks)
        for device, statistics in counted.items():
            mark = before.marks.get(device) or _watched_from_its_beginning(
                mark_of(statistics, conditions.end_ns), conditions
            )
            if mark is None:
                marks[device] = mark_of(statistics, conditions.end_ns)
            else:
                stretch, marks[device] = counted_since(mark, statistics, conditions.end_ns)
                stretches.append(stretch)
        if any(device not in counted for device in sampled):
            stretches.append(_by_samples(before.throttled, now, conditions, conditions.at_top_ns.get(name)))
        throttled_ns, doubt_ns = _union(stretches)
        if (before.throttled or now or throttled_ns) and conditions.end_ns > conditions.start_ns:
            self._spans[name].append(ThrottledSpan(conditions.start_ns, conditions.end_ns))
        return replace(
            before,
            throttled=now,
            throttled_ns=before.throttled_ns + throttled_ns,
            events=before.events + _began(before.throttled, now, throttled_ns, stretches),
            counted_by_kernel=len(counted) == len(devices),
            doubt_ns=before.doubt_ns + doubt_ns,
            marks=MappingProxyType(marks),
        )


def marks_of(totals: Mapping[str, ThrottlingTotals]) -> dict[str, KernelMark]:
    """Where the kernel's counters were when these counts were taken, by cooling device."""
    return {device: mark for each in totals.values() for device, mark in each.marks.items()}


def _resumed(totals: ThrottlingTotals, marks: Mapping[str, KernelMark]) -> ThrottlingTotals:
    if not marks:
        return totals
    throttled = any(mark.state > 0 for mark in marks.values())
    return ThrottlingTotals(throttled=throttled, marks=MappingProxyType({**totals.marks, **marks}))


def _limiting(board: Board) -> dict[str, tuple[str, ...]]:
    """The cooling devices that limit each CPU cluster."""
    return {
        cluster.name: tuple(d.name for d in board.cooling_devices if d.cpu_cluster == cluster.name)
        for cluster in board.clusters
    }


def _watched_from_its_beginning(mark: KernelMark, conditions: Conditions) -> KernelMark | None:
    """A device seen for the first time: all that it has counted is ours if it came since the last sample."""
    came_since = conditions.start_ns < conditions.end_ns and began_ns(mark) >= conditions.start_ns
    return KernelMark(at_ns=conditions.start_ns) if came_since else None


def _by_samples(before: bool, now: bool, conditions: Conditions, at_top_ns: int | None) -> Stretch:
    """What the states at both ends say, and the time in which the clock was the highest: not throttled."""
    length_ns = conditions.end_ns - conditions.start_ns
    most_ns = max(0, length_ns - (at_top_ns or 0))
    if before == now:
        throttled_ns, doubt_ns = most_ns * before, 0
    elif at_top_ns:
        throttled_ns, doubt_ns = most_ns, most_ns
    else:
        throttled_ns, doubt_ns = length_ns // 2, length_ns // 2
    return Stretch(length_ns, throttled_ns, doubt_ns, before, now, int(before != now))


def _union(stretches: Iterable[Stretch]) -> tuple[int, int]:
    """How long at least one device was above state 0, at least; and how much longer it may have been."""
    length_ns = at_start_ns = at_end_ns = longest_ns = all_ns = doubt_ns = in_part = 0
    for each in stretches:
        in_part += 0 < each.cooled_ns < each.length_ns
        length_ns = max(length_ns, each.length_ns)
        doubt_ns += each.doubt_ns
        if each.at_one_end and each.at_start:
            at_start_ns = max(at_start_ns, each.cooled_ns)
        elif each.at_one_end:
            at_end_ns = max(at_end_ns, each.cooled_ns)
        else:
            longest_ns = max(longest_ns, each.cooled_ns)
            all_ns += each.cooled_ns
    least_ns = max(min(length_ns, at_start_ns + at_end_ns), longest_ns)
    most_ns = min(length_ns, at_start_ns + at_end_ns + all_ns)
    if in_part > 1:
        doubt_ns += _TOLERANCE_NS  # the choice between them is by times that are cut
    return least_ns, doubt_ns + most_ns - least_ns


def _began(before: bool, now: bool, throttled_ns: int, stretches: Sequence[Stretch]) -> int:
    """How often throttling began in an interval, at least."""
    moved = any(each.transitions for each in stretches)
    if not before:
        return int(now or throttled_ns > 0)
    length_ns = max((each.length_ns for each in stretches), default=0)
    return int(now and moved and throttled_ns < length_ns - _TOLERANCE_NS)
