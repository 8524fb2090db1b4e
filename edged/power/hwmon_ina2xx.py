"""Reads an INA2xx through the kernel's hwmon driver `ina2xx`.

Power is voltage times current or the power register, whichever is finer (see `finer_power`).

The traps of this driver (kernel 6.1, seen on the real one; later ones by their source):

* After a chip reset it repairs the calibration when a current or power register reads 0. The read takes
  69 ms longer, may return that 0, and leaves `update_interval` at 35 ms.
* Later drivers repair on a read of `power1_input` only, and answer `update_interval` from a cache. So
  the power register is read now and then even where V x I is finer.
* `power1_input` of a small shunt wraps to negative numbers.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs
from edged.clock import Clock
from edged.power.accuracy import Accuracy, hwmon_accuracy
from edged.power.attribute import KeptAttribute, write
from edged.power.chip_facts import (
    AVERAGES,
    CHIPS,
    DEFAULT_SHUNT_UOHM,
    HWMON_CONVERSION_US,
    INA219_CONVERSION_US,
    nearest_averages,
)
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.finer_power import FinerPower
from edged.power.i2c_identity import adapter_of, find_chip
from edged.power.ina2xx_limits import Limits
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError

_REPAIR_NS = 60_000_000  # the driver sleeps 69 ms when it repairs a chip; a register read takes 0.5 ms
_REPAIR_EVERY_NS = 1_000_000_000
_LONGEST_INTERVAL_MS = 2253
_SUDDEN_UA = 20_000  # far above the noise of an idle rail
_ZERO_BELIEVED_AFTER_NS = 500_000_000  # a reset chip has a new average long before


@dataclass(frozen=True, slots=True)
class _Open:
    """An open chip, and what follows from its shunt."""

    current: KeptAttribute
    voltage: KeptAttribute
    power: KeptAttribute
    interval: KeptAttribute | None
    limits: Limits
    finer: FinerPower
    current_ratio: float
    power_ratio: float
    descriptors: ExitStack


class HwmonIna2xx:
    """One chip behind the hwmon driver. Call `reopen` before the first read.

    Args:
        chip: Where it was discovered.
        rail: The rail it measures.
        clock: Time stamps of the samples.
        root: Where the machine's file system begins.
        correction: What calibration knows better.
    """

    def __init__(
        self,
        chip: SensorChip,
        rail: Rail,
        clock: Clock,
        *,
        root: Path = Path("/"),
        correction: Correction = NO_CORRECTION,
    ) -> None:
        """Nothing is opened yet."""
        self.rail = rail
        self.bus = f"i2c-{chip.bus}"
        self._chip = chip
        self._facts = CHIPS[chip.chip]
        self._clock = clock
        self._root = root
        self._correction = correction
        self._path = chip.path
        self._open: _Open | None = None
        self._shunt_uohm = DEFAULT_SHUNT_UOHM
        self._expected_interval_ms: int | None = None
        self._at_zero = False
        self._flowing_ua = 0
        self._zero_since_ns: int | None = None
        self._repair_due_ns = 0

    def reopen(self) -> None:
        """Find the chip by controller and address under any hwmon number, and open its attributes.

        Raises:
            SensorError: If it is not there.
        """
        self.close()
        sysfs = Sysfs(self._root)
        self._path = find_chip(sysfs, "sys/class/hwmon", self._chip, self.rail)
        self.bus = adapter_of(sysfs, self._path) or self.bus
        with ExitStack() as opened:

            def attribute(name: str) -> KeptAttribute:
                kept = KeptAttribute(self._root, f"{self._path}/{name}", self.rail)
                opened.callback(kept.close)
                return kept

            shunt = attribute("shunt_resistor")
            shunt_uohm = shunt.read_int()
            if shunt_uohm <= 0:
                raise shunt.invalid(f"reads {shunt_uohm}, which is no resistance")
            self._shunt_uohm = shunt_uohm
            self._open = _Open(
                current=attribute("curr1_input"),
                voltage=attribute("in1_input"),
                power=attribute("power1_input"),
                interval=attribute("update_interval") if self._facts.averages else None,
                limits=Limits(self._facts, shunt_uohm),
                finer=FinerPower(self._facts, shunt_uohm),
                current_ratio=self._correction.current_ratio(shunt_uohm),
                power_ratio=self._correction.current_ratio(shunt_uohm) * self._correction.gain,
                descriptors=opened.pop_all(),
            )
        self._expected_interval_ms = None
        self._at_zero = False
        self._flowing_ua = 0
        self._zero_since_ns = None
        self._repair_due_ns = self._clock.monotonic_ns()

    def read(self) -> Sample:
        """Read the current and the voltage once, and the power register where it is needed.

        Raises:
            SensorError: If a read fails, or the chip says something impossible, or it was just reset.
        """
        chip = self._open or self._opened()
        before_ns = self._clock.monotonic_ns()
        current_ua = chip.current.read_int() * 1_000
        voltage_uv = chip.voltage.read_int() * 1_000
        after_ns = self._clock.monotonic_ns()
        slow = after_ns - before_ns >= _REPAIR_NS
        if chip.finer.register is False and after_ns < self._repair_due_ns:
            power_uw = None
        else:
            power_uw = chip.power.read_int()
            self._repair_due_ns = after_ns + _REPAIR_EVERY_NS
            if not slow and self._clock.monotonic_ns() - after_ns >= _REPAIR_NS:
                raise self._error(Failure.INVALID, "the chip was reset, and has just been set up again")
            if power_uw < 0:
                raise chip.power.invalid(f"reads {power_uw}: the driver's number has wrapped round")
        complaint = chip.limits.complaint(voltage_uv, current_ua)
        if complaint is not None:
            raise self._error(Failure.INVALID, complaint)
        if not current_ua or self._at_zero or slow or self._expected_interval_ms is None:
            self._notice_reset(chip.interval, zero=current_ua == 0, slow=slow)
        if current_ua:
            self._flowing_ua, self._zero_since_ns = abs(current_ua), None
        else:
            self._doubt_zero(after_ns)
        if power_uw is None or not chip.finer.choose_register(power_uw, voltage_uv):
            power_uw = voltage_uv * current_ua // 1_000_000
        elif current_ua < 0:
            power_uw = -power_uw
        return Sample(
            at_ns=(before_ns + after_ns) // 2,
            power_uw=round(power_uw * chip.power_ratio),
            voltage_uv=voltage_uv,
            current_ua=round(current_ua * chip.current_ratio),
        )

    def _doubt_zero(self, now_ns: int) -> None:
        """Refuse a current that falls to exactly nothing at once: so reads a chip that was just reset.

        A rail that is really switched off is believed when it stays at zero.
        """
        if self._flowing_ua < _SUDDEN_UA:
            return
        if self._zero_since_ns is None:
            self._zero_since_ns = now_ns
        if now_ns - self._zero_since_ns < _ZERO_BELIEVED_AFTER_NS:
            raise self._error(Failure.INVALID, "reads no current at once: the chip was reset, most likely")

    def _notice_reset(self, interval: KeptAttribute | None, *, zero: bool, slow: bool) -> None:
        """Refuse what a chip reset gives: told by the averaging, which falls back with it.

        Asked only when the current has just become zero, or the driver took its time, for it costs
        one more transfer. A zero that stays is believed.
        """
        fresh_zero = zero and not self._at_zero
        self._at_zero = zero
        if interval is None or not (fresh_zero or slow or self._expected_interval_ms is None):
            return
        interval_ms = interval.read_int()
        expected_ms, self._expected_interval_ms = self._expected_interval_ms, interval_ms
        if expected_ms not in (None, interval_ms):
            raise interval.invalid(
                f"the chip was reset: it averages over {interval_ms} ms again, not {expected_ms} ms"
            )
        if fresh_zero and slow:
            raise self._error(Failure.INVALID, "the chip was reset, and reads no current yet")

    def averaging_s(self) -> float:
        """The averages that `update_interval` stands for, times 2.2 ms; 1.064 ms for an INA219 or INA220.

        Raises:
            SensorError: If it cannot be read.
        """
        interval = self._opened().interval
        if interval is None:
            return INA219_CONVERSION_US / 1e6
        interval_ms = interval.read_int()
        if not 1 <= interval_ms <= 2 * _LONGEST_INTERVAL_MS:
            raise interval.invalid(f"reads {interval_ms}, which is no averaging time of this chip")
        return nearest_averages(interval_ms * 1_000, HWMON_CONVERSION_US) * HWMON_CONVERSION_US / 1e6

    def set_averaging(self, duration_s: float) -> bool:
        """Write `update_interval`; the driver takes the nearest averaging count (2 ms to 2.25 s).

        Only root may. False for an INA219 or INA220, which always average over one conversion.
        """
        if not self._facts.averages:
            return False
        duration_us = min(max(duration_s * 1e6, 0), AVERAGES[-1] * HWMON_CONVERSION_US)
        interval_us = nearest_averages(duration_us, HWMON_CONVERSION_US) * HWMON_CONVERSION_US
        interval_ms = round(interval_us / 1_000)
        written = write(self._root, f"{self._path}/update_interval", f"{interval_ms}\n")
        if written:
            self._expected_interval_ms = interval_ms
        return written

    def accuracy(self) -> Accuracy:
        """The errors of chip, shunt and driver; before the first `reopen`, for a shunt of 10 mohm."""
        return hwmon_accuracy(self._facts, self._shunt_uohm, self._correction)

    def close(self) -> None:
        """Close all descriptors."""
        if self._open is not None:
            self._open.descriptors.close()
            self._open = None

    def _opened(self) -> _Open:
        if self._open is None:
            raise self._error(Failure.GONE, "is not open")
        return self._open

    def _error(self, kind: Failure, what: str) -> SensorError:
        return SensorError(self.rail, kind, what, where=f"/{self._path}")
