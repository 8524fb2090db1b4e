"""What the kernel cools with, and how long each device has been in which state."""


class CoolingDevice:
    """A fan, or a limit on a clock.

    Args:
        kind: Its `type`, such as "cpufreq-cpu4".
        max_state: Strongest state; 0 is no cooling.
        start_ns: Monotonic time at the beginning.
    """

    def __init__(self, kind: str, max_state: int, start_ns: int) -> None:
        """Begin without cooling."""
        self.kind = kind
        self.max_state = max_state
        self.state = 0
        self.transitions = 0
        self._since_ns = start_ns
        self._spent_ns = [0] * (max_state + 1)

    def set_state(self, at_ns: int, state: int) -> bool:
        """Go to a state; tell whether it is another one."""
        state = min(state, self.max_state)
        if state == self.state:
            return False
        self._spent_ns[self.state] += at_ns - self._since_ns
        self._since_ns = at_ns
        self.state = state
        self.transitions += 1
        return True

    def reset(self, at_ns: int) -> None:
        """Begin all counters anew, as a write to `stats/reset` does; the state stays."""
        self._spent_ns = [0] * len(self._spent_ns)
        self._since_ns = at_ns
        self.transitions = 0

    def time_in_state_ns(self, at_ns: int) -> list[int]:
        """Time spent in each state until now."""
        spent = list(self._spent_ns)
        spent[self.state] += at_ns - self._since_ns
        return spent
