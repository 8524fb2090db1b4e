"""All chips of one bus: one thread reads them, each when its time has come."""

from collections.abc import Sequence

from edged.sampling.chip_channel import ChipChannel


class BusSampler:
    """Reads the chips of one bus, one after the other. A `Paced` sampler.

    A chip that fails is left alone for a while and keeps nobody else waiting, but for the time that its
    failing read blocks the bus.

    Args:
        name: Name of the bus: "i2c-0".
        channels: Its chips.
    """

    def __init__(self, name: str, channels: Sequence[ChipChannel]) -> None:
        """Begin outside a measurement."""
        self._name = name
        self._channels = tuple(channels)
        self._fast = False
        self._told_fast = False  # what the channels know of it
        self._told = self._channels  # those that know
        self._first = min(self._channels, key=_due_ns)

    @property
    def name(self) -> str:
        """Name of the bus."""
        return self._name

    def begin_fast(self) -> None:
        """Catch every short average from the next step on."""
        self._fast = True

    def end_fast(self) -> None:
        """Read once a second from the next step on, averages as long as that where the chip can."""
        self._fast = False

    def join(self, channel: ChipChannel) -> None:
        """Read one more chip from the next step on; from any thread."""
        self._channels = (*self._channels, channel)

    def step(self) -> int:
        """Read the chip that has waited longest, if any is due.

        Returns:
            Monotonic time when the next chip is due, in nanoseconds.
        """
        channels = self._channels  # one more may join at any moment: it is told in the next step
        if self._fast is not self._told_fast:
            self._told_fast = self._fast
            for channel in channels:
                channel.fast = self._told_fast
                channel.hurry()
            self._first = min(channels, key=_due_ns)
        if channels is not self._told:
            for channel in channels[len(self._told) :]:
                channel.fast = self._told_fast
            self._told = channels
        self._first.poll()
        self._first = min(channels, key=_due_ns)
        return self._first.due_ns

    def close(self) -> None:
        """Close all chips."""
        for channel in self._channels:
            channel.close()


def _due_ns(channel: ChipChannel) -> int:
    return channel.due_ns
