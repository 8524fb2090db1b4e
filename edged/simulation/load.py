"""Who keeps which CPU busy: the worker that is measured, and everybody else."""

CPUS = 8


class CpuLoad:
    """Busy shares of the eight CPUs, and how long each has been busy.

    Where worker and others want more than a whole CPU, the kernel's fair scheduler gives each what the other
    leaves, and half at least.

    Args:
        start_ns: Monotonic time at the beginning.
    """

    def __init__(self, start_ns: int) -> None:
        """Begin idle."""
        self._own = [0.0] * CPUS
        self._foreign = [0.0] * CPUS
        self._busy_ns = [0.0] * CPUS
        self._shares = [(0.0, 0.0)] * CPUS  # what worker and others get
        self._start_ns = start_ns
        self._since_ns = start_ns

    def set_own(self, at_ns: int, cpu: int, share: float) -> None:
        """The worker wants this share of a CPU from now on, 0 to 1."""
        self.elapse(at_ns)
        self._own[cpu] = share
        self._grant(cpu)

    def set_foreign(self, at_ns: int, cpu: int, share: float) -> None:
        """Others want this share of a CPU from now on, 0 to 1."""
        self.elapse(at_ns)
        self._foreign[cpu] = share
        self._grant(cpu)

    def own(self, cpu: int) -> float:
        """The share the worker gets."""
        return self._shares[cpu][0]

    def foreign(self, cpu: int) -> float:
        """The share others get."""
        return self._shares[cpu][1]

    def total(self, cpu: int) -> float:
        """The share that somebody gets."""
        return sum(self._shares[cpu])

    def elapse(self, at_ns: int) -> None:
        """Let time pass until `at_ns` with the shares as they are."""
        elapsed_ns = at_ns - self._since_ns
        if not elapsed_ns:
            return
        self._since_ns = at_ns
        for cpu, (own, foreign) in enumerate(self._shares):
            if own or foreign:
                self._busy_ns[cpu] += elapsed_ns * (own + foreign)

    def busy_ns(self, at_ns: int) -> list[float]:
        """How long each CPU has been busy since the start."""
        self.elapse(at_ns)
        return list(self._busy_ns)

    def up_ns(self, at_ns: int) -> int:
        """How long it is since the start."""
        return at_ns - self._start_ns

    def _grant(self, cpu: int) -> None:
        own, foreign = self._own[cpu], self._foreign[cpu]
        self._shares[cpu] = _granted(own, foreign), _granted(foreign, own)


def _granted(wanted: float, others: float) -> float:
    return wanted if wanted + others <= 1.0 else min(wanted, max(0.5, 1.0 - others))
