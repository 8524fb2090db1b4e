"""Places what a meter stamps with its own uptime on this machine's monotonic clock.

A line reaches us some milliseconds after the meter stamped it, and that delay varies with USB, Wi-Fi and
the scheduler: arrival times jitter, the meter's own do not. A delay is never negative, so the smallest
difference between arrival and stamp seen so far is the best offset. The two clocks drift apart, by some
ten millionths for crystals, so the offset also creeps up, faster than any crystal drifts, until the next
line that arrives promptly pulls it down again.
"""

_WRAP_MS = 1 << 32  # millis() of the meters' microcontrollers
_NS_PER_MS = 1_000_000
_CREEP_PPM = 200
_REORDERED_MS = 5_000
_OUT_OF_STEP_NS = 2_000_000_000


class DeviceTime:
    """The mapping for one meter, from its first line on."""

    def __init__(self) -> None:
        """Begin without a line."""
        self._last_ms: int | None = None
        self._device_ns = 0
        self._offset_ns = 0
        self._placed_ns = -1

    def place(self, device_ms: int, arrived_ns: int) -> int | None:
        """Monotonic time of the moment that the meter stamped.

        None for a line that is older than the last, or cannot be told apart from it in time: while the
        offset is still being found, lines that were held up together all seem to be of one moment. What
        is placed always goes forward, and never beyond the arrival. A meter that restarts begins anew.

        Args:
            device_ms: The meter's uptime in milliseconds; it wraps round at 2^32, after 49.7 days.
            arrived_ns: Monotonic time when the line was received.
        """
        if self._last_ms is None:
            return self._begin(device_ms, arrived_ns)
        step_ms = (device_ms - self._last_ms) % _WRAP_MS
        if step_ms == 0 or step_ms > _WRAP_MS - _REORDERED_MS:
            return None
        self._last_ms = device_ms
        self._device_ns += step_ms * _NS_PER_MS
        delay_ns = arrived_ns - self._device_ns
        self._offset_ns = min(delay_ns, self._offset_ns + step_ms * _CREEP_PPM)
        placed_ns = self._device_ns + self._offset_ns
        if arrived_ns - placed_ns > _OUT_OF_STEP_NS:  # the meter stopped for a while, and its uptime with it
            return self._begin(device_ms, arrived_ns)
        if placed_ns <= self._placed_ns:
            return None
        self._placed_ns = placed_ns
        return placed_ns

    def _begin(self, device_ms: int, arrived_ns: int) -> int | None:
        self._last_ms = device_ms
        self._device_ns = device_ms * _NS_PER_MS
        self._offset_ns = arrived_ns - self._device_ns
        if arrived_ns <= self._placed_ns:
            return None
        self._placed_ns = arrived_ns
        return arrived_ns
