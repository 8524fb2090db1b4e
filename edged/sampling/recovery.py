"""When to try a failing sensor again, and when to open it anew."""

from edged.clock import NS_PER_S
from edged.power.sensor import Failure

_FIRST_NS = NS_PER_S // 20
_LONGEST_NS = 5 * NS_PER_S
# A read that blocks holds up all the sensors of its bus: they get at least nine tenths of the time.
_SHARE = 9
_LONGEST_AFTER_BLOCK_NS = 60 * NS_PER_S
# Failures in a row: whatever the error says, the descriptor may be that of a device that is no more.
_REOPEN_AFTER = 3


class Recovery:
    """Doubles the pause with each failure in a row, up to 5 s.

    It is longer where the failing read itself took long.
    """

    def __init__(self) -> None:
        """Begin with a sensor that was never opened."""
        self.failures = 0
        self.to_open = True

    def failed(self, kind: Failure, took_ns: int) -> int:
        """One more failure.

        Args:
            kind: What the failure means.
            took_ns: How long the failing read took.

        Returns:
            How long to wait before the next read, in nanoseconds.
        """
        doubled_ns = min(_FIRST_NS << min(self.failures, 16), _LONGEST_NS)
        self.failures += 1
        if kind is Failure.GONE or self.failures >= _REOPEN_AFTER:
            self.to_open = True
        return max(doubled_ns, min(_SHARE * took_ns, _LONGEST_AFTER_BLOCK_NS))

    def succeeded(self) -> None:
        """The sensor answers again."""
        self.failures = 0
