"""A piece of work on some CPUs: so many seconds of computing at the highest clock, longer at a lower one."""

from collections.abc import Callable
from typing import NamedTuple

# A second thread and each further one add this much of the first one's speed. Assumed: the paper ran one.
_FURTHER_THREAD = 0.85


class Done(NamedTuple):
    """How a piece of work went.

    Attributes:
        start_ns: Monotonic time when it began.
        end_ns: Monotonic time when it was finished.
        cpu_ns: CPU time that its first thread got in between.
    """

    start_ns: int
    end_ns: int
    cpu_ns: int


class Work:
    """Work under way.

    Args:
        cluster: CPU cluster it runs on.
        cpus: CPUs it keeps busy, one thread each.
        start_ns: Now.
        nominal_ns: How long one thread takes at the cluster's highest clock.
        done: What to call when it is finished.
    """

    def __init__(
        self,
        cluster: str,
        cpus: tuple[int, ...],
        start_ns: int,
        nominal_ns: float,
        done: Callable[[Done], None],
    ) -> None:
        """Begin; it makes no progress before its first `set_pace`."""
        self.cluster = cluster
        self.cpus = cpus
        self.done = done
        self._start_ns = start_ns
        self._remaining_ns = nominal_ns
        self._speed_up = 1.0 + _FURTHER_THREAD * (len(cpus) - 1)
        self._since_ns = start_ns
        self._rate = self._share = 0.0
        self._cpu_ns = 0.0

    def set_pace(self, at_ns: int, speed: float, share: float) -> bool:
        """How fast it goes on from now; tell whether that is another pace than before.

        Args:
            at_ns: Now.
            speed: Clock relative to the highest.
            share: Share of its CPU that it gets.
        """
        rate = speed * share * self._speed_up
        if (rate, share) == (self._rate, self._share):
            return False
        self._progress(at_ns)
        self._rate, self._share = rate, share
        return True

    @property
    def due_ns(self) -> int:
        """When it will be finished at the present pace."""
        return self._since_ns + round(self._remaining_ns / self._rate)

    def finish(self, at_ns: int) -> Done:
        """It is finished now."""
        self._progress(at_ns)
        return Done(self._start_ns, at_ns, round(self._cpu_ns))

    def _progress(self, at_ns: int) -> None:
        elapsed_ns = at_ns - self._since_ns
        self._remaining_ns = max(0.0, self._remaining_ns - elapsed_ns * self._rate)
        self._cpu_ns += elapsed_ns * self._share
        self._since_ns = at_ns
