"""Brings to the disk what is measured. Who measures never waits for it.

```
 measuring ──put()──▶ queue ─┐
 throttling ─────────────────┼──step(), a thread of its own──▶ one transaction ──▶ kept()
 counters ──────take()───────┘      with each measurement, and every 10 s
```

Where many measurements have waited, all but the last few come in transactions of their own before it: each
has to fit into what retention leaves free.

**Why counters never fall.** A counter that is smaller after a restart than at the last scrape looks like one
that began anew: `rate()` then adds its whole value again, years of joules at once. So a counter is shown
only after it has been written (`kept()` follows the commit): whatever ends the process or the power, the
next life begins with values at least as high as any that was ever scraped. The price: scraped counters
are up to 10 s old, and what happened since the last write is missing after a crash.

Counters are taken before the queue is: a measurement that is counted has been put, so it is written with
them or before them. While nothing can be written, counters are shown unwritten: exporting goes on. Should
writing become possible again only after the process has ended, they then fall to what was written last.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from edged.clock import NS_PER_S, Clock
from edged.inference.job import Event
from edged.journal.batch import Batch
from edged.journal.counters import Counters
from edged.journal.episodes import Episode, EpisodeFinder
from edged.journal.file import JournalFile
from edged.measurement.result import Measurement
from edged.measurement.run import Run

_STEP_NS = NS_PER_S // 2
_EVERY_NS = 10 * NS_PER_S
# An hour of quick measurements, in less than a megabyte.
_MOST_WAITING = 512
# Some 2.5 kB each with four rails: a tenth of the smallest journal, a MiB, holds them twice.
_MOST_AT_ONCE = 16


class CounterSource(Protocol):
    """Who has the counters, and shows them."""

    def take(self) -> Counters:
        """All counters now."""
        ...

    def kept(self) -> None:
        """What was taken last may be shown."""
        ...


class JournalWriter:
    """A `Sampler`, so that a drive steps it, and a sweep's `Watcher`.

    Args:
        file: Where to write.
        counters: Who has the counters.
        episodes: Finds throttle episodes.
        clock: Where time comes from.
    """

    name = "journal"

    def __init__(
        self, file: JournalFile, counters: CounterSource, episodes: EpisodeFinder, clock: Clock
    ) -> None:
        """Begin with nothing to write."""
        self._file = file
        self._counters = counters
        self._episodes = episodes
        self._clock = clock
        self._queue: deque[Measurement] = deque()
        self._waiting: deque[Measurement] = deque()
        self._waiting_episodes: dict[tuple[str, int], Episode] = {}
        self._due_ns = clock.monotonic_ns()

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """A measurement is written when it is complete."""

    def finished(self, measurement: Measurement) -> None:
        """Have a measurement written soon; returns at once."""
        self._queue.append(measurement)

    def step(self) -> int:
        """Write if a measurement waits, or if counters are due.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        now_ns = self._clock.monotonic_ns()
        if self._queue or now_ns >= self._due_ns:
            self._write(last=False)
            self._due_ns = now_ns + _EVERY_NS
        return now_ns + _STEP_NS

    def close(self) -> None:
        """Write all that is left, and let go of the file."""
        self._write(last=True)
        self._file.close()

    def _write(self, *, last: bool) -> None:
        counters = self._counters.take()
        while self._queue:
            self._waiting.append(self._queue.popleft())
        at_ns, wall_s = self._clock.monotonic_ns(), self._clock.wall_s()
        for episode in self._episodes.find(at_ns):
            self._waiting_episodes[episode.cpu_cluster, episode.start_ns] = episode
        while len(self._waiting) > _MOST_AT_ONCE:
            if not self._put(Batch(self._next(), (), None, at_ns, wall_s)):
                break
        else:
            episodes = tuple(self._waiting_episodes.values())
            if self._put(Batch(self._next(), episodes, counters, at_ns, wall_s, last)):
                self._waiting_episodes.clear()
        self._counters.kept()
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self._file.count_failures(1)
        while len(self._waiting_episodes) > _MOST_WAITING:
            del self._waiting_episodes[next(iter(self._waiting_episodes))]

    def _next(self) -> tuple[Measurement, ...]:
        return tuple(islice(self._waiting, _MOST_AT_ONCE))

    def _put(self, batch: Batch) -> bool:
        """Write it, and let its measurements wait no longer; returns whether it is on the disk."""
        written = self._file.write(batch)
        if written:
            for _ in batch.measurements:
                self._waiting.popleft()
        return written
