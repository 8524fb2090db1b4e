"""The value that a chip shows, and since when: what reads say before anything is known of the updates.

A value that stays for longer than a period is that of every average in between, wherever their ends are, if
no read came so late that an update and one back to the same value fit in.
"""

from typing import NamedTuple

from edged.power.chip_facts import CONVERSION_TIME_TOLERANCE
from edged.power.reading import Sample

# Of a period: reads at most this far apart leave no update unseen, whatever the chip's clock.
_CLOSE = 1 - CONVERSION_TIME_TOLERANCE - 0.05
_STILL = 0.7  # how far apart they are on a still rail, so that a late one is still close enough


class RegisterRead(NamedTuple):
    """One read of a chip's registers.

    Attributes:
        before_ns: Monotonic time when it began.
        after_ns: Monotonic time when it ended.
        sample: What it gave.
    """

    before_ns: int
    after_ns: int
    sample: Sample

    @property
    def took_ns(self) -> int:
        """How long it took."""
        return self.after_ns - self.before_ns


class ShownValue:
    """Compares each read of a chip with the one before.

    Attributes:
        read_ns: Monotonic time when the newest read began.
        unchanged_since_ns: Monotonic time of the first read that showed this value.
        gapless_since_ns: The same, or a later time since when no update can have gone unseen.

    Args:
        now_ns: Monotonic time; nothing was read yet.
    """

    def __init__(self, now_ns: int) -> None:
        """Know no value."""
        self.read_ns = now_ns
        self.unchanged_since_ns = now_ns
        self.gapless_since_ns = now_ns
        self._sample: Sample | None = None

    @property
    def known(self) -> bool:
        """Whether the next read can be compared with one before."""
        return self._sample is not None

    def forget(self) -> None:
        """What was read before says nothing about what comes."""
        self._sample = None

    def take(self, read: RegisterRead, period_ns: float) -> bool:
        """Take in the newest read.

        Args:
            read: The read.
            period_ns: Best estimate of the chip's period.

        Returns:
            Whether it shows another value than the read before; the first one does.
        """
        previous, self._sample = self._sample, read.sample
        previous_ns, self.read_ns = self.read_ns, read.before_ns
        if previous is None or not same_value(previous, read.sample):
            self.unchanged_since_ns = self.gapless_since_ns = read.before_ns
            return True
        if read.before_ns - previous_ns > _CLOSE * period_ns:
            self.gapless_since_ns = read.before_ns
        return False


def gapless_ns(period_ns: float) -> int:
    """How long after a read the next one is due, so that no update goes unseen in between."""
    return round(_STILL * period_ns)


def same_value(one: Sample, other: Sample) -> bool:
    """Whether two reads showed the same, at whatever time."""
    return (
        one.power_uw == other.power_uw
        and one.current_ua == other.current_ua
        and one.voltage_uv == other.voltage_uv
    )
