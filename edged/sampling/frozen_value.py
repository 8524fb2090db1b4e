"""Refuses a value that stays the same for too long.

Some drivers hand out their last one for ever when the bus fails.
"""

from edged.clock import NS_PER_S
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.sampling.shown_value import RegisterRead, same_value


class FrozenValue:
    """Watches one rail's values, through failures and changes of the averaging.

    Args:
        rail: The rail.
        after_s: How long a value may stay, in seconds.
    """

    def __init__(self, rail: Rail, after_s: float) -> None:
        """Begin with no value."""
        self._rail = rail
        self._after_s = after_s
        self._shown: Sample | None = None
        self._since_ns = 0

    def refuse(self, read: RegisterRead) -> None:
        """Take in the newest read.

        Raises:
            SensorError: `INVALID` if its value has stayed for too long.
        """
        if self._shown is None or not same_value(self._shown, read.sample):
            self._shown, self._since_ns = read.sample, read.before_ns
        elif read.before_ns - self._since_ns > round(self._after_s * NS_PER_S):
            what = f"has shown the same value for {self._after_s:g} s"
            raise SensorError(self._rail, Failure.INVALID, what, where=self._rail.address)
