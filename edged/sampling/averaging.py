"""How long a chip averages: short in a measurement, about the sampling period outside."""

from edged.clock import NS_PER_S, Clock
from edged.power.sensor import Chip
from edged.sampling.phase import Phase

FAST_AVERAGING_S = 0.0352  # the chip's default: 16 averages of 2.2 ms
SLOW_AVERAGING_S = 1.1264  # 512 of them: one read a second misses next to nothing
# Chips know some averaging times only, a factor of 2 to 4 apart: a time this near is the nearest one.
_NEAR = (0.7, 1.4)
_SAME = (0.9, 1.1)


class Averaging:
    """Sets a chip's averaging time where that is allowed, and notices when it is lost.

    Args:
        chip: The chip, open.
        clock: Where time comes from.
    """

    def __init__(self, chip: Chip, clock: Clock) -> None:
        """Know nothing of the chip yet."""
        self.nominal_ns = 0
        self._chip = chip
        self._clock = clock

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
        if written and phase is not None:
            phase.restarted(before_ns, after_ns, self.nominal_ns)
            return phase, True
        if phase is None or previous_ns != self.nominal_ns:
            phase = Phase(self.nominal_ns, before_ns)
            if written:
                phase.restarted(before_ns, after_ns, self.nominal_ns)
            return phase, True
        return phase, False

    def lost(self) -> bool:
        """Whether the chip averages differently from what it was told: it was reset.

        Raises:
            SensorError: If the averaging time cannot be read.
        """
        ratio = self._chip.averaging_s() * NS_PER_S / self.nominal_ns
        return not _SAME[0] < ratio < _SAME[1]
