"""How long to leave a failing sensor alone."""

from edged.clock import NS_PER_S

_FIRST_NS = NS_PER_S // 20
_LONGEST_NS = 5 * NS_PER_S
# A read that blocks holds up all the sensors of its bus: they get at least nine tenths of the time.
_SHARE = 9
_LONGEST_AFTER_BLOCK_NS = 60 * NS_PER_S


class Backoff:
    """Doubles the pause with each failure in a row, up to 5 s.

    It is longer where the failing read itself took long.
    """

    def __init__(self) -> None:
        """Begin without failures."""
        self.failures = 0

    def failed(self, took_ns: int) -> int:
        """One more failure.

        Args:
            took_ns: How long the failing read took.

        Returns:
            How long to wait before the next read, in nanoseconds.
        """
        doubled_ns = min(_FIRST_NS << min(self.failures, 16), _LONGEST_NS)
        self.failures += 1
        return max(doubled_ns, min(_SHARE * took_ns, _LONGEST_AFTER_BLOCK_NS))

    def succeeded(self) -> None:
        """The sensor answers again."""
        self.failures = 0
