"""Tells people what the next measurement waits for, and when it goes on: a line for each change."""

from collections.abc import Callable

from edged.cli.quantity import duration
from edged.clock import NS_PER_S, Clock
from edged.schedule.state import Deferral, ScheduleState


class Waiting:
    """Compares what the schedule does with what it did.

    Args:
        write: Takes a line.
        clock: The schedule's.
    """

    def __init__(self, write: Callable[[str], None], clock: Clock) -> None:
        """Nothing waits yet."""
        self._write = write
        self._clock = clock
        self._told: Deferral | None = None

    def scheduled(self, state: ScheduleState) -> None:
        """Tell what has changed. Words differ with every degree: another line takes another reason."""
        now, told = state.deferral, self._told
        if now and (told is None or now.reason != told.reason):
            self._write(f"{state.next_case or 'the next measurement'} waits: {now.words}")
        elif told and not now:
            waited_s = (self._clock.monotonic_ns() - told.since_ns) / NS_PER_S
            self._write(f"goes on, after {duration(waited_s)}")
        self._told = now
