"""When slots come: on a grid that does not move, however long measurements take or wait."""

from edged.clock import NS_PER_S


class Slots:
    """A slot every so often. One that nobody takes is skipped when the next one has come.

    Args:
        every_s: From one slot to the next, in seconds; 0 for always.
        now_ns: Monotonic time of the first one.
    """

    def __init__(self, every_s: float, now_ns: int) -> None:
        """The first slot comes at once."""
        self._every_ns = round(every_s * NS_PER_S)
        self.due_ns = now_ns

    def taken(self, now_ns: int) -> None:
        """The slot is used, or missed: the next one is the next to come.

        Args:
            now_ns: Monotonic time, not before the slot.
        """
        if self._every_ns:
            self.due_ns += ((now_ns - self.due_ns) // self._every_ns + 1) * self._every_ns

    def set(self, every_s: float, now_ns: int) -> None:
        """Another rhythm from now on; a slot that is near does not move away."""
        if self._every_ns != round(every_s * NS_PER_S):
            self._every_ns = round(every_s * NS_PER_S)
            self.due_ns = min(self.due_ns, now_ns + self._every_ns)
