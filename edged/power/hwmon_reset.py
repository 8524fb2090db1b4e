"""Notices that an INA2xx behind hwmon was reset, by what its registers and the driver's settings tell.

A reset clears the chip's calibration, so that its current reads 0 until the driver repairs it, and puts its
averaging back to the chip's default. What is read meanwhile says nothing about the rail.
"""

from collections.abc import Callable

from edged.power.attribute import KeptAttribute
from edged.power.sensor import SensorError

_SUDDEN_UA = 20_000  # far above the noise of an idle rail
_ZERO_BELIEVED_AFTER_NS = 500_000_000  # a reset chip has a new average long before


class ResetWatch:
    """Watches one chip from when it was opened.

    Args:
        interval: `update_interval`; None for chips that have none.
        invalid: Makes the failure to raise, of what is wrong.
    """

    def __init__(self, interval: KeptAttribute | None, invalid: Callable[[str], SensorError]) -> None:
        """Begin with a chip of which nothing was read."""
        self._interval = interval
        self._invalid = invalid
        self._expected_interval_ms: int | None = None
        self._at_zero = False
        self._flowing_ua = 0
        self._zero_since_ns: int | None = None

    def expect(self, interval_ms: int) -> None:
        """`update_interval` was written: from now on it is that many milliseconds."""
        self._expected_interval_ms = interval_ms

    def refuse(self, current_ua: int, now_ns: int, *, repaired: bool) -> None:
        """Take in the newest read.

        Args:
            current_ua: The current in microamperes.
            now_ns: Monotonic time when it was read.
            repaired: Whether the read took so long that the driver must have repaired the chip.

        Raises:
            SensorError: If it is what a chip gives that was reset, or `update_interval` cannot be read.
        """
        self._refuse_fallen_back(zero=current_ua == 0, repaired=repaired)
        if current_ua:
            self._flowing_ua, self._zero_since_ns = abs(current_ua), None
        else:
            self._refuse_sudden_zero(now_ns)

    def _refuse_fallen_back(self, *, zero: bool, repaired: bool) -> None:
        """Told by the averaging, which falls back with a reset.

        Asked only when the current has just become zero, or the driver took its time, for it costs
        one more transfer. A zero that stays is believed.
        """
        fresh_zero = zero and not self._at_zero
        self._at_zero = zero
        if self._interval is None or not (fresh_zero or repaired or self._expected_interval_ms is None):
            return
        interval_ms = self._interval.read_int()
        expected_ms, self._expected_interval_ms = self._expected_interval_ms, interval_ms
        if expected_ms not in (None, interval_ms):
            raise self._interval.invalid(
                f"the chip was reset: it averages over {interval_ms} ms again, not {expected_ms} ms"
            )
        if fresh_zero and repaired:
            raise self._invalid("the chip was reset, and reads no current yet")

    def _refuse_sudden_zero(self, now_ns: int) -> None:
        """A current that falls to exactly nothing at once: so reads a chip that was just reset.

        A rail that is really switched off is believed when it stays at zero.
        """
        if self._flowing_ua < _SUDDEN_UA:
            return
        if self._zero_since_ns is None:
            self._zero_since_ns = now_ns
        if now_ns - self._zero_since_ns < _ZERO_BELIEVED_AFTER_NS:
            raise self._invalid("reads no current at once: the chip was reset, most likely")
