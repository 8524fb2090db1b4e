"""How long a chip averages: short in a measurement, about the sampling period outside."""

from edged.clock import NS_PER_S, Clock
from edged.power.sensor import Chip
from edged.sampling.phase import Phase

FAST_AVERAGING_S = 0.0352  # the chip's default: 16 averages of 2.2 ms
SLOW_AVERAGING_S = 1.1264  # 512 of them: one read a second misses next to nothing
SLOW_PERIOD_NS = NS_PER_S  # from read to read outside measurements, of averages that are not so long
_LONG_NS = 200_000_000
# Chips know some averaging times only, a factor of 2 to 4 apart: a time this near is the nearest one.
_NEAR = (0.7, 1.4)
_SAME = (0.9, 1.1)
_CHECK_EVERY = 64  # reads in a measurement after which the chip is asked


def is_long(period_ns: float) -> bool:
    """Whether averages of such a period are all read, outside measurements too."""
    return period_ns >= _LONG_NS


class Averaging:
    """Sets a chip's averaging time where that is allowed, and notices when it is lost.

    Attributes:
        nominal_ns: The averaging time that the chip's settings promise; 0 before the first `tune`.
        tuned_fast: Whether it was last tuned for a measurement; None if the chip may have forgotten that.

    Args:
        chip: The chip, open.
        clock: Where time comes from.
    """

    def __init__(self, chip: Chip, clock: Clock) -> None:
        """Know nothing of the chip yet."""
        self.nominal_ns = 0
        self.tuned_fast: bool | None = None
        self._chip = chip
        self._clock = clock
        self._reads = 0  # since the chip was last asked

    def tune(self, phase: Phase | None, *, fast: bool) -> tuple[Phase, bool]:
        """Have the chip average as the mode asks for.

        Args:
            phase: What is known of the chip's updates; None if nothing is.
            fast: Whether this is a measurement.

        Returns:
            What is known of its updates now, and whether they began anew.

        Raises:
            SensorError: If the averaging time cannot be read.
        """
        wanted_s = FAST_AVERAGING_S if fast else SLOW_AVERAGING_S
        averaging_s = self._chip.averaging_s()
        before_ns = self._clock.monotonic_ns()
        written = False
        if not _NEAR[0] < averaging_s / wanted_s < _NEAR[1]:
            written = self._chip.set_averaging(wanted_s)
            after_ns = self._clock.monotonic_ns()
            averaging_s = self._chip.averaging_s()
        previous_ns, self.nominal_ns = self.nominal_ns, round(averaging_s * NS_PER_S)
        self.tuned_fast, self._reads = fast, 0
        if written and phase is not None:
            phase.restarted(before_ns, after_ns, self.nominal_ns)
            return phase, True
        if phase is None or previous_ns != self.nominal_ns:
            phase = Phase(self.nominal_ns, before_ns)
            if written:
                phase.restarted(before_ns, after_ns, self.nominal_ns)
            return phase, True
        return phase, False

    def forget(self) -> None:
        """The chip may average as it likes: tune it before the next read."""
        self.tuned_fast = None

    def doubt(self) -> None:
        """Ask the chip after its next read."""
        self._reads = _CHECK_EVERY

    def lost(self, *, fast: bool) -> bool:
        """Whether the chip, just read, averages differently from what it was told: it was reset.

        Args:
            fast: Whether this is a measurement: the chip is then asked now and then only, for that costs as
                much as a read.

        Raises:
            SensorError: If the averaging time cannot be read.
        """
        self._reads += 1
        if fast and self._reads < _CHECK_EVERY:
            return False
        self._reads = 0
        ratio = self._chip.averaging_s() * NS_PER_S / self.nominal_ns
        if _SAME[0] < ratio < _SAME[1]:
            return False
        self.forget()
        return True
