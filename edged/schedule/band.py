"""Whether something is too high, with hysteresis: it never changes while the value is inside the band.

```
 above ───────────────┌──┐───────────────── exceeded for on_after_s: on
                     ┌┘  └┐  ┌─┐
 below ──────────────┘────└──┘─└─────────── undercut for off_after_s: off
         off          on   on   on   off
```
"""

from edged.clock import NS_PER_S

# A sensor that has failed for so long says nothing about now.
_FORGOTTEN_NS = 60 * NS_PER_S


class Band:
    """A value that is watched, and whether it is too high.

    Args:
        above: What the value must exceed to be too high.
        below: What it must fall below to be no longer too high.
        on_after_s: For how long it must exceed the one, in seconds.
        off_after_s: For how long it must stay below the other, in seconds.
    """

    def __init__(self, above: float, below: float, on_after_s: float = 0.0, off_after_s: float = 0.0) -> None:
        """Begin with nothing too high."""
        self.above = above
        self.below = below
        self.limits = (above, below, on_after_s, off_after_s)
        self.on = False
        self._after_ns = {True: round(off_after_s * NS_PER_S), False: round(on_after_s * NS_PER_S)}
        self._leaving_since_ns: int | None = None
        self._unknown_since_ns: int | None = None

    def look(self, now_ns: int, value: float | None) -> bool:
        """Take the value as it is now; returns whether it is too high.

        Args:
            now_ns: Monotonic time.
            value: None where it is not known: all stays as it is then, but not for ever.
        """
        if value is None:
            if self._unknown_since_ns is None:
                self._unknown_since_ns = now_ns
            self._leaving_since_ns = None
            if now_ns - self._unknown_since_ns > _FORGOTTEN_NS:
                self.on = False
            return self.on
        self._unknown_since_ns = None
        leaving = value < self.below if self.on else value > self.above
        if not leaving:
            self._leaving_since_ns = None
            return self.on
        if self._leaving_since_ns is None:
            self._leaving_since_ns = now_ns
        if now_ns - self._leaving_since_ns >= self._after_ns[self.on]:
            self.on = not self.on
            self._leaving_since_ns = None
        return self.on
