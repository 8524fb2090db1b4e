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

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from edged.inference.job import Inference
from edged.power.reading import Reading


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of monotonic time, from `start_ns` to `end_ns`."""

    start_ns: int
    end_ns: int

    def touches(self, reading: Reading) -> bool:
        """Whether they have more than a moment in common."""
        return reading.start_ns < self.end_ns and reading.end_ns > self.start_ns


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
    counts: before that the worker was loading the model. What touches a warm-up is neither.

    Args:
        inferences: Warm-ups included, in order of time.
        readings: In order of time, not overlapping.
        guard_ns: Idle time before the first and after the last inference that counts.
        band_ns: Guard band round each inference.
    """
    counted = [inference for inference in inferences if not inference.warmup]
    windows = busy_windows(counted, band_ns)
    warmups = busy_windows((inference for inference in inferences if inference.warmup), band_ns)
    quiet = Window(counted[0].start_ns - guard_ns, counted[-1].end_ns + guard_ns)
    busy: dict[int, list[Reading]] = {}
    runs: dict[int, list[Reading]] = {}
    index = 0
    for reading in readings:
        if any(warmup.touches(reading) for warmup in warmups):
            continue
        while index < len(windows) and windows[index].end_ns <= reading.start_ns:
            index += 1
        if index < len(windows) and windows[index].touches(reading):
            busy.setdefault(index, []).append(reading)
        elif quiet.start_ns <= reading.start_ns and reading.end_ns <= quiet.end_ns:
            runs.setdefault(index, []).append(reading)
    return SortedReadings(
        tuple(tuple(group) for group in busy.values()), tuple(tuple(run) for run in runs.values())
    )


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
