"""Which readings belong to the inferences, and which to the idle board around them.

```
 inferences   ....████......█████..................████████....
 guard bands     ░████░    ░█████░                ░████████░
 windows         [----]    [-----]                [--------]     merged where they touch
 readings     |..|==|==|..|==|==|==|..|..|..|..|==|==|==|==|..|   = window, . idle
```

A reading that touches a window belongs to it as a whole: both of its ends are then idle, and it does not
matter how the power was spread over the reading.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from edged.inference.job import Inference
from edged.power.reading import Reading

_START_NS = attrgetter("start_ns")
_END_NS = attrgetter("end_ns")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of monotonic time, from `start_ns` to `end_ns`."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class SortedReadings:
    """The readings of one measurement, each in one place.

    Attributes:
        busy: Readings that touch a window of the inferences that count, window by window.
        idle: Runs of readings between the windows; the first may be before the first window, the last
            after the last one. None of them is empty.
    """

    busy: tuple[tuple[Reading, ...], ...]
    idle: tuple[tuple[Reading, ...], ...]


def busy_windows(inferences: Iterable[Inference], band_ns: int) -> list[Window]:
    """The inferences, each with a guard band on both sides, merged where they touch.

    Args:
        inferences: In order of time.
        band_ns: Guard band.
    """
    windows: list[Window] = []
    for inference in inferences:
        start_ns, end_ns = inference.start_ns - band_ns, inference.end_ns + band_ns
        if windows and start_ns <= windows[-1].end_ns:
            windows[-1] = Window(windows[-1].start_ns, max(end_ns, windows[-1].end_ns))
        else:
            windows.append(Window(start_ns, end_ns))
    return windows


def sort_readings(
    inferences: Sequence[Inference], readings: Sequence[Reading], guard_ns: int, band_ns: int
) -> SortedReadings:
    """Sort readings into those of the inferences and runs of idle ones.

    Idle is only what lies within the guard time before the first and after the last inference that
    counts: before that the worker was loading the model. What touches a warm-up, or is before it, is neither.

    Args:
        inferences: In order of time, the warm-ups before those that count.
        readings: In order of time, not overlapping.
        guard_ns: Idle time before the first and after the last inference that counts.
        band_ns: Guard band round each inference.
    """
    counted = [inference for inference in inferences if not inference.warmup]
    windows = busy_windows(counted, band_ns)
    warm_ns = max((warmup.end_ns + band_ns for warmup in inferences if warmup.warmup), default=0)
    first = bisect_left(readings, warm_ns, key=_START_NS)
    quiet_ns = counted[0].start_ns - guard_ns, counted[-1].end_ns + guard_ns
    begin = bisect_left(readings, quiet_ns[0], lo=first, key=_START_NS)
    end = bisect_right(readings, quiet_ns[1], lo=first, key=_END_NS)
    busy, idle = [], []
    for window in windows:
        touching = bisect_right(readings, window.start_ns, lo=first, key=_END_NS)
        first = bisect_left(readings, window.end_ns, lo=touching, key=_START_NS)
        idle.append(readings[begin:touching])
        busy.append(readings[touching:first])
        begin = first
    idle.append(readings[begin:end])
    return SortedReadings(_not_empty(busy), _not_empty(idle))


def _not_empty(runs: Iterable[Sequence[Reading]]) -> tuple[tuple[Reading, ...], ...]:
    return tuple(tuple(run) for run in runs if run)


class BusyTime:
    """How long the inferences were running, up to any moment.

    Args:
        inferences: Those that count, in order of time, not overlapping.
    """

    def __init__(self, inferences: Sequence[Inference]) -> None:
        """Add up the inferences once."""
        self._starts_ns = [inference.start_ns for inference in inferences]
        self._ends_ns = [inference.end_ns for inference in inferences]
        self._before_ns = [0]
        for inference in inferences:
            self._before_ns.append(self._before_ns[-1] + inference.end_ns - inference.start_ns)

    @property
    def total_ns(self) -> int:
        """All of it."""
        return self._before_ns[-1]

    def mean(self, value: Callable[[float], float]) -> float:
        """The mean of something that changes slowly, over the inferences."""
        products = (
            value((start_ns + end_ns) / 2) * (end_ns - start_ns)
            for start_ns, end_ns in zip(self._starts_ns, self._ends_ns, strict=True)
        )
        return sum(products) / self.total_ns

    def between(self, start_ns: float, end_ns: float) -> float:
        """Busy time between two moments, in nanoseconds."""
        index = bisect_left(self._ends_ns, start_ns)
        if index == len(self._ends_ns) or end_ns <= self._starts_ns[index]:
            return 0.0
        if end_ns <= self._ends_ns[index]:
            return end_ns - max(start_ns, self._starts_ns[index])
        return self._until(end_ns) - self._until(start_ns)

    def parts(self, start_ns: float, end_ns: float) -> list[tuple[float, float]]:
        """The busy stretches between two moments, cut off at both."""
        index = bisect_left(self._ends_ns, start_ns)
        parts = []
        while index < len(self._starts_ns) and self._starts_ns[index] < end_ns:
            parts.append((max(start_ns, self._starts_ns[index]), min(end_ns, self._ends_ns[index])))
            index += 1
        return parts

    def _until(self, at_ns: float) -> float:
        index = bisect_left(self._ends_ns, at_ns)
        if index == len(self._ends_ns):
            return self._before_ns[-1]
        return self._before_ns[index] + max(0.0, at_ns - self._starts_ns[index])
