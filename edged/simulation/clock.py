"""A clock that only moves when somebody sleeps, so that a simulated hour takes seconds."""

import heapq
from collections.abc import Callable

from edged.clock import NS_PER_S


class VirtualClock:
    """Implements `edged.clock.Clock` in virtual time.

    Sleeping runs, in order of time, every callback that falls due meanwhile; each sees the clock at
    its own moment. One thread only: whoever sleeps moves time for all.

    Args:
        start_ns: Monotonic time at the beginning.
        wall_s: Wall time at the beginning, in Unix seconds.
    """

    def __init__(self, start_ns: int = 0, wall_s: float = 1_700_000_000.0) -> None:
        """Begin at the given moment with nothing due."""
        self._now_ns = start_ns
        self._wall_at_zero_s = wall_s - start_ns / NS_PER_S
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._calls = 0

    def monotonic_ns(self) -> int:
        """Virtual nanoseconds."""
        return self._now_ns

    def wall_s(self) -> float:
        """Wall time: it runs with the virtual time, and jumps when it is set."""
        return self._wall_at_zero_s + self._now_ns / NS_PER_S

    def set_wall(self, wall_s: float) -> None:
        """Step the wall clock, by years if need be; monotonic time does not notice.

        Args:
            wall_s: What the wall clock shows now, in Unix seconds.
        """
        self._wall_at_zero_s = wall_s - self._now_ns / NS_PER_S

    def call_at(self, at_ns: int, callback: Callable[[], None]) -> None:
        """Run `callback` when time reaches `at_ns`; calls for the same moment run in order of asking.

        A moment that is already past falls due at once, that is, in the next sleep.

        Args:
            at_ns: Monotonic time.
            callback: What to run; it may ask for further calls, and may sleep itself.
        """
        self._calls += 1
        heapq.heappush(self._due, (at_ns, self._calls, callback))

    def next_due_ns(self) -> int | None:
        """When the next callback falls due; None if none was asked for."""
        return self._due[0][0] if self._due else None

    def sleep(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass; a negative duration is no time at all."""
        self.run_until(self._now_ns + max(0, round(duration_s * NS_PER_S)))

    def run_until(self, at_ns: int) -> None:
        """Let time pass until `at_ns`, running what falls due up to and at that moment.

        Args:
            at_ns: Monotonic time; the past moves nothing, for time never goes back.
        """
        due = self._due
        while due and due[0][0] <= at_ns:
            due_ns, _, callback = heapq.heappop(due)
            self._move(due_ns)
            callback()
        self._move(at_ns)

    def run_while(self, waiting: Callable[[], bool], limit_ns: int) -> None:
        """Let time pass until what falls due has ended the waiting, and at most until `limit_ns`.

        Args:
            waiting: Whether to go on; asked before each moment at which something falls due.
            limit_ns: Monotonic time.
        """
        due = self._due
        while waiting():
            if not due or due[0][0] > limit_ns:
                self._move(limit_ns)
                return
            at_ns, _, callback = heapq.heappop(due)
            self._move(at_ns)
            callback()

    def _move(self, to_ns: int) -> None:
        """Time passes, at once; it never goes back."""
        self._now_ns = max(self._now_ns, to_ns)
