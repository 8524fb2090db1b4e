"""Keeps this process off the CPUs of a worker: sampling must not take from inference what it measures."""

import contextlib
import os
from collections.abc import Collection


class StepAside:
    """Moves all threads of this process to other CPUs until it is told to come back.

    Nothing happens where there are no others: on a machine with one CPU, or when the worker has all.

    Args:
        cpus: The worker's CPUs.
    """

    def __init__(self, cpus: Collection[int]) -> None:
        """Move aside."""
        self._before = os.sched_getaffinity(0)
        others = self._before - set(cpus)
        self._aside = bool(others) and others != self._before
        if self._aside:
            _move(others)

    def come_back(self) -> None:
        """Let all threads run where they could before."""
        if self._aside:
            self._aside = False
            _move(self._before)


def _move(cpus: Collection[int]) -> None:
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread), cpus)
