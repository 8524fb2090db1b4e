"""Keeps this process off the CPUs of its workers: sampling must not take from inference what it measures.

```
 worker on 7         ├────────────────┤
 worker on 3                 ├─────────────────┤
 this process   0-7  │  0-6  │ 0-2,4-6 │ 0-2,4-7 │ 0-7
```
"""

import contextlib
import os
from collections.abc import Collection


class StepAside:
    """Moves all threads of this process to other CPUs for as long as workers run.

    Nothing happens where there are no others: on a machine with one CPU, or when the workers have all.
    """

    def __init__(self) -> None:
        """Stay where this process is."""
        self._home: set[int] = set()
        self._now: set[int] = set()
        self._taken: list[set[int]] = []

    def make_room(self, cpus: Collection[int]) -> None:
        """A worker has these CPUs from now on."""
        if not self._taken:
            self._home = self._now = os.sched_getaffinity(0)
        self._taken.append(set(cpus))
        self._move()

    def come_back(self, cpus: Collection[int]) -> None:
        """A worker that had these CPUs has ended; those of others stay theirs."""
        self._taken.remove(set(cpus))
        self._move()

    def _move(self) -> None:
        cpus = self._home.difference(*self._taken) or self._home
        if cpus == self._now:
            return
        self._now = cpus
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                os.sched_setaffinity(int(thread), cpus)
