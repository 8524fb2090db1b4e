"""When each sensor's files change: at the moments at which its chip finishes an average.

```
 files      a ────────▶ b ────────▶ c ──┐ update_interval written
                                        └──▶ a new rhythm: earlier wakes are void
```
"""

from collections.abc import Mapping
from functools import partial

from edged.simulation.clock import VirtualClock
from edged.simulation.hwmon import HwmonSensor

# A chip that averages for longer than this is watched closely: whoever shortens `update_interval` is about to
# measure, and takes the moment of the write for the beginning of an average.
_LONG_AVERAGE_NS = 100_000_000
_WATCH_NS = 1_000_000


class SensorRhythm:
    """Wakes the sensors of a board by callbacks of its clock.

    Attributes:
        driven: Whether somebody moves the clock in real time: files may then change between callbacks too.

    Args:
        clock: The time that the board lives in.
        sensors: Its sensors, by rail.
    """

    def __init__(self, clock: VirtualClock, sensors: Mapping[str, HwmonSensor]) -> None:
        """Begin with each sensor's newest average."""
        self.driven = False
        self._clock = clock
        self._sensors = sensors
        self._rhythms = dict.fromkeys(sensors, 0)  # of each sensor: wakes of earlier ones are void
        self._watching = False
        self._closed = False
        for rail in sensors:
            self._wake(rail, 0)

    def renew(self, rail: str) -> None:
        """A sensor's rhythm has changed: find it again."""
        self._rhythms[rail] += 1
        self._wake(rail, self._rhythms[rail])

    def close(self) -> None:
        """Let nothing more happen."""
        self._closed = True

    def _wake(self, rail: str, rhythm: int) -> None:
        """A sensor's average is finished."""
        if self._closed or rhythm != self._rhythms[rail]:
            return
        now_ns = self._clock.monotonic_ns()
        sensor = self._sensors[rail]
        if sensor.take_interval(now_ns):
            rhythm = self._rhythms[rail] = rhythm + 1
        next_ns = sensor.update(now_ns)
        self._clock.call_at(next_ns, partial(self._wake, rail, rhythm))
        if not self._watching and sensor.chip.period_ns > _LONG_AVERAGE_NS:
            self._watching = True
            self._clock.call_at(now_ns + _WATCH_NS, self._watch)

    def _watch(self) -> None:
        if self._closed:
            return
        now_ns = self._clock.monotonic_ns()
        for rail, sensor in self._sensors.items():
            if sensor.take_interval(now_ns):
                self.renew(rail)
        self._watching = any(s.chip.period_ns > _LONG_AVERAGE_NS for s in self._sensors.values())
        if not self._watching:
            return
        # In virtual time files change in callbacks only: until the next one there is nothing to be seen.
        next_ns = None if self.driven else self._clock.next_due_ns()
        self._clock.call_at(max(now_ns, next_ns or now_ns) + _WATCH_NS, self._watch)
