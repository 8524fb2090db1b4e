"""How long a sweep still takes, from how fast it gets on.

```
 case under way   |lead|====done====|···· rest at the same pace ····|tail|
                  begin            now                               as long as the lead, at most
 cases to come    each as long as those that are finished, or as the one under way
```
"""

from edged.clock import NS_PER_S, Clock

# Before that much more is done, the pace is a guess.
_SURE = 0.02


class TimeLeft:
    """Watches the progress of cases, again and again for as many sweeps as there are.

    Args:
        cases: Number of cases in a sweep.
        clock: What people wait by; the cases may live in another time.
    """

    def __init__(self, cases: int, clock: Clock) -> None:
        """Begin with the first case."""
        self._cases = cases
        self._clock = clock
        self._done = 0
        self._begin_ns = self._case_begin_ns = clock.monotonic_ns()
        self._first: tuple[int, float] | None = None
        self._last: tuple[int, float] | None = None

    def progressed(self, ratio: float) -> None:
        """The case under way has got on.

        Args:
            ratio: Share of its inferences that is done, 0 to 1.
        """
        if ratio <= 0 or (self._last is not None and ratio <= self._last[1]):
            return
        self._last = (self._clock.monotonic_ns(), ratio)
        self._first = self._first or self._last

    def finished(self) -> None:
        """The case under way is finished, and the next one begins."""
        self._done += 1
        self._case_begin_ns = self._clock.monotonic_ns()
        self._first = self._last = None

    def seconds(self) -> float | None:
        """Seconds until the sweep is finished; None while nothing can be said."""
        now_ns = self._clock.monotonic_ns()
        elapsed_ns = now_ns - self._case_begin_ns
        rest_ns = self._rest_ns(now_ns)
        if self._done:
            usual_ns = (self._case_begin_ns - self._begin_ns) / self._done
        elif rest_ns is not None:
            usual_ns = elapsed_ns + rest_ns
        else:
            return None
        if rest_ns is None:
            rest_ns = max(0.0, usual_ns - elapsed_ns)
        to_come = self._cases - self._done % self._cases - 1
        return (rest_ns + to_come * usual_ns) / NS_PER_S

    def _rest_ns(self, now_ns: int) -> float | None:
        """Rest of the case under way, by its own pace; None before that is known."""
        if self._first is None or self._last is None or self._last[1] - self._first[1] < _SURE:
            return None
        (first_ns, first), (last_ns, last) = self._first, self._last
        tail_ns = first_ns - self._case_begin_ns
        rest_ns = (1.0 - last) * (last_ns - first_ns) / (last - first) + tail_ns
        return max(0.0, rest_ns - (now_ns - last_ns))
