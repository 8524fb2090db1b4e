"""How much of the time a CPU cluster is used, and when it may be used again.

```
          |<------------- window ------------->| now
 ──####───|──######────────####────────────────|─[expected]──▶
          |  used          used                |
```

A measurement may begin when what was used in the window behind it and what it will use itself fit the
budget together. As the window moves on it can only lose, so the budget holds for every window, wherever
it begins. Used is all of a measurement, its idle guards and pauses too.
"""

from collections import deque

from edged.clock import NS_PER_S


class Duty:
    """The use of one CPU cluster.

    Args:
        max_ratio: Most share of the time that it may be used.
        window_s: Over which time, in seconds.
    """

    def __init__(self, max_ratio: float, window_s: float) -> None:
        """Begin unused."""
        self._uses: deque[tuple[int, int]] = deque()
        self._begun_ns: int | None = None
        self.set(max_ratio, window_s)

    def set(self, max_ratio: float, window_s: float) -> None:
        """Let another limit hold; what was used stays used."""
        self._window_ns = round(window_s * NS_PER_S)
        self.budget_ns = int(max_ratio * self._window_ns)

    def begin(self, now_ns: int) -> None:
        """A measurement begins."""
        self._begun_ns = now_ns

    def end(self, now_ns: int) -> None:
        """It has ended."""
        if self._begun_ns is not None:
            self._uses.append((self._begun_ns, now_ns))
        self._begun_ns = None
        while self._uses and self._uses[0][1] <= now_ns - self._window_ns:
            self._uses.popleft()

    def used_ns(self, now_ns: int) -> int:
        """Time used in the window that ends now."""
        start_ns = now_ns - self._window_ns
        running = [] if self._begun_ns is None else [(self._begun_ns, now_ns)]
        return sum(max(0, end - max(begin, start_ns)) for begin, end in (*self._uses, *running))

    def ratio(self, now_ns: int) -> float:
        """Share of the window that was used."""
        return self.used_ns(now_ns) / self._window_ns

    def fits_at_ns(self, now_ns: int, expected_ns: int) -> int:
        """Monotonic time when a measurement of that length may begin; `now_ns` if it may begin now.

        Args:
            now_ns: Monotonic time, with no measurement under way.
            expected_ns: How long it will take; what is longer than the whole budget may begin once nothing
                else is left in the window.
        """
        too_much_ns = self.used_ns(now_ns) + min(expected_ns, self.budget_ns) - self.budget_ns
        if too_much_ns <= 0:
            return now_ns
        start_ns = now_ns - self._window_ns
        for begin_ns, end_ns in ((max(begin, start_ns), end) for begin, end in self._uses):
            leaving_ns = max(0, end_ns - begin_ns)
            if leaving_ns >= too_much_ns:
                return begin_ns + too_much_ns + self._window_ns
            too_much_ns -= leaving_ns
        return now_ns
