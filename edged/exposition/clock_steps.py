"""How often somebody set the wall clock: boards without a battery get the time from the network, by years."""

from edged.clock import NS_PER_S, Clock

# A network time service slews what is less than half a second, by at most half a millisecond per second.
_STEP_S = 1.0


class ClockSteps:
    """Counts jumps of the wall clock against the monotonic one.

    Args:
        clock: Both of them.
    """

    def __init__(self, clock: Clock) -> None:
        """Take what the clocks show now for right."""
        self._clock = clock
        self._apart_s = self._now_apart_s()
        self._steps = 0

    def look(self) -> int:
        """Jumps of more than a second so far; to be asked every few seconds, for two in between are one."""
        apart_s = self._now_apart_s()
        if abs(apart_s - self._apart_s) > _STEP_S:
            self._steps += 1
        # What is slewed is followed, so that it never adds up to a jump.
        self._apart_s = apart_s
        return self._steps

    def _now_apart_s(self) -> float:
        before_ns = self._clock.monotonic_ns()
        wall_s = self._clock.wall_s()
        # Stopped in between, it would look like a jump.
        return wall_s - (before_ns + self._clock.monotonic_ns()) / 2 / NS_PER_S
