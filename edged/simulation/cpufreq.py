"""The clock of one CPU cluster as the kernel's cpufreq runs it: governor, limits, statistics."""

from edged.simulation.opp import OperatingPoint

# `ondemand`: load is judged every two jiffies of 10 ms; above 80 % it goes straight to the limit.
SAMPLING_NS = 20_000_000
_UP_THRESHOLD = 0.8
GOVERNORS = ("performance", "ondemand")


class Policy:
    """One cpufreq policy.

    Args:
        ladder: Operating points, ascending.
        governor: `performance` or `ondemand`.
        start_ns: Monotonic time at the beginning.
    """

    def __init__(self, ladder: tuple[OperatingPoint, ...], governor: str, start_ns: int) -> None:
        """Begin at the top under `performance`, at the bottom under `ondemand`."""
        self.ladder = ladder
        self.governor = governor
        self._limit = len(ladder) - 1
        self._index = self._limit if governor == "performance" else 0
        self._since_ns = start_ns
        self._spent_ns = [0] * len(ladder)
        self.transitions = 0

    @property
    def point(self) -> OperatingPoint:
        """Where it runs now."""
        return self.ladder[self._index]

    @property
    def limit(self) -> OperatingPoint:
        """The fastest point that cooling allows now."""
        return self.ladder[self._limit]

    @property
    def index(self) -> int:
        """Position of the present point on the ladder."""
        return self._index

    def cool(self, at_ns: int, state: int) -> bool:
        """Cooling state n allows the n-th point from the top; tell whether the clock changed."""
        before = self._limit
        self._limit = len(self.ladder) - 1 - state
        if self._index > self._limit or (self.governor == "performance" and before != self._limit):
            return self._go(at_ns, self._limit)
        return False

    def judge(self, at_ns: int, load: float) -> bool:
        """What `ondemand` does with the load of its busiest CPU; tell whether the clock changed.

        Args:
            at_ns: Now.
            load: Busy share of the CPU since the last judgement, 0 to 1.
        """
        if self.governor != "ondemand":
            return False
        return self._go(at_ns, self._wanted(load))

    def settled(self, load: float) -> bool:
        """Whether judging the same load again would change nothing."""
        return self.governor != "ondemand" or self._wanted(load) == self._index

    def time_in_state_ns(self, at_ns: int) -> list[int]:
        """Time spent at each point of the ladder until now."""
        spent = list(self._spent_ns)
        spent[self._index] += at_ns - self._since_ns
        return spent

    def _wanted(self, load: float) -> int:
        if load > _UP_THRESHOLD:
            return self._limit
        # Proportional to the load between the lowest and the highest clock, and not below what it asks.
        lowest, highest = self.ladder[0].frequency_khz, self.ladder[-1].frequency_khz
        wanted_khz = lowest + load * (highest - lowest)
        for index, point in enumerate(self.ladder):
            if point.frequency_khz >= wanted_khz:
                return min(index, self._limit)
        return self._limit

    def _go(self, at_ns: int, index: int) -> bool:
        if index == self._index:
            return False
        self._spent_ns[self._index] += at_ns - self._since_ns
        self._since_ns = at_ns
        self._index = index
        self.transitions += 1
        return True
