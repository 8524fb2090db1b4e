"""Virtual time that keeps step with real time: a simulated board can be left running, and be scraped."""

from edged.clock import NS_PER_S, Clock
from edged.simulation.clock import VirtualClock

# Waits are cut into pieces, so that whoever asks the process to end need not wait for a slow board.
_LONGEST_WAIT_S = 0.25


class PacedClock(VirtualClock):
    """A virtual clock that waits before it moves.

    Its wall clock begins at the real one's. After a halt of the process, or where this machine cannot keep
    the pace, it makes up for what is missing as fast as it can.

    Args:
        real: The clock to keep step with.
        speed: Virtual seconds per real second, above 0.
    """

    def __init__(self, real: Clock, speed: float) -> None:
        """Begin now."""
        super().__init__(wall_s=real.wall_s())
        self._real = real
        self._speed = speed
        self._real_start_ns = real.monotonic_ns()

    def _move(self, to_ns: int) -> None:
        due_ns = self._real_start_ns + to_ns / self._speed
        while (wait_s := (due_ns - self._real.monotonic_ns()) / NS_PER_S) > 0:
            self._real.sleep(min(wait_s, _LONGEST_WAIT_S))
        super()._move(to_ns)
