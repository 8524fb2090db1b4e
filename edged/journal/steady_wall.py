"""Whether the wall clock may be believed when it says that something is old.

Boards have no battery-backed clock: it starts years ago, and one wrong answer of a time server puts it years
ahead. What it says is believed once it has run beside the monotonic clock, without a jump, for a day.
"""

from edged.clock import NS_PER_S

_BELIEVED_AFTER_NS = 86_400 * NS_PER_S
# More than a time server slews away between two looks; far less than matters to an age in days.
_JUMP_S = 60.0


class SteadyWall:
    """Watches the wall clock beside the monotonic one."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._offset_s: float | None = None
        self._since_ns = 0

    def believed(self, at_ns: int, wall_s: float) -> bool:
        """Whether it has run without a jump for a day; to be asked every few seconds or minutes.

        Args:
            at_ns: Monotonic time of now.
            wall_s: Wall time of now in Unix seconds.
        """
        offset_s = wall_s - at_ns / NS_PER_S
        if self._offset_s is None or abs(offset_s - self._offset_s) > _JUMP_S:
            self._since_ns = at_ns
        self._offset_s = offset_s
        return at_ns - self._since_ns >= _BELIEVED_AFTER_NS
