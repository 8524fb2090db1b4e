"""Reads an INA2xx through the kernel's hwmon driver `ina2xx`.

Power is voltage times current or the power register, whichever is finer (see `finer_power`).

The traps of this driver (kernel 6.1, seen on the real one; later ones by their source):

* After a chip reset it repairs the calibration when a current or power register reads 0. The read takes
  69 ms longer, may return that 0, and leaves `update_interval` at 35 ms.
* Later drivers repair on a read of `power1_input` only, and answer `update_interval` from a cache. So
  the power register is read now and then even where V x I is finer.
* `power1_input` of a small shunt wraps to negative numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from edged.board.parts import SensorChip
from edged.clock import Clock
from edged.power.accuracy import Accuracy, hwmon_accuracy
from edged.power.attribute import KeptAttribute
from edged.power.chip_facts import (
    AVERAGES,
    CHIPS,
    DEFAULT_SHUNT_UOHM,
    HWMON_CONVERSION_US,
    INA219_CONVERSION_US,
    nearest_averages,
)
from edged.power.conversions import Conversions
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.finer_power import FinerPower
from edged.power.hwmon_reset import ResetWatch
from edged.power.i2c_identity import find_chip
from edged.power.ina2xx_limits import Limits
from edged.power.kept_chip import KeptChip
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure

_REPAIR_NS = 60_000_000  # the driver sleeps 69 ms when it repairs a chip; a register read takes 0.5 ms
_REPAIR_EVERY_NS = 1_000_000_000
_LONGEST_INTERVAL_MS = 2253


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is kept of an open chip, and what follows from its shunt."""

    current: KeptAttribute
    voltage: KeptAttribute
    power: KeptAttribute
    interval: KeptAttribute | None
    reset: ResetWatch
    limits: Limits
    finer: FinerPower
    current_ratio: float
    power_ratio: float


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
        self._facts = CHIPS[chip.chip]
        self._conversion_us = HWMON_CONVERSION_US if self._facts.averages else INA219_CONVERSION_US
        self._clock = clock
        self._correction = correction
        self._shunt_uohm = DEFAULT_SHUNT_UOHM
        self._repair_due_ns = 0
        find = partial(find_chip, directory="sys/class/hwmon")
        self._kept = KeptChip(chip, rail, root, find=find, open_parts=self._open_parts)

    @property
    def bus(self) -> str:
        """The I2C adapter it hangs on: "i2c-0"."""
        return self._kept.bus

    def reopen(self) -> None:
        """Find the chip by controller and address under any hwmon number, and open its attributes.

        Raises:
            SensorError: If it is not there.
        """
        self._kept.reopen()
        self._repair_due_ns = self._clock.monotonic_ns()

    def _open_parts(self, attribute: Callable[[str], KeptAttribute]) -> _Parts:
        shunt = attribute("shunt_resistor")
        shunt_uohm = shunt.read_int()
        if shunt_uohm <= 0:
            raise shunt.invalid(f"reads {shunt_uohm}, which is no resistance")
        self._shunt_uohm = shunt_uohm
        current, voltage, power = (attribute(name) for name in ("curr1_input", "in1_input", "power1_input"))
        interval = attribute("update_interval") if self._facts.averages else None
        return _Parts(
            current=current,
            voltage=voltage,
            power=power,
            interval=interval,
            reset=ResetWatch(interval, partial(self._kept.error, Failure.INVALID)),
            limits=Limits(self._facts, shunt_uohm),
            finer=FinerPower(self._facts, shunt_uohm),
            current_ratio=self._correction.current_ratio(shunt_uohm),
            power_ratio=self._correction.current_ratio(shunt_uohm) * self._correction.gain,
        )

    def read(self) -> Sample:
        """Read the current and the voltage once, and the power register where it is needed.

        Raises:
            SensorError: If a read fails, or the chip says something impossible, or it was just reset.
        """
        chip = self._kept.parts()
        before_ns = self._clock.monotonic_ns()
        current_ua = chip.current.read_int() * 1_000
        voltage_uv = chip.voltage.read_int() * 1_000
        after_ns = self._clock.monotonic_ns()
        repaired = after_ns - before_ns >= _REPAIR_NS
        power_uw = self._register_uw(chip, after_ns, repaired=repaired)
        complaint = chip.limits.complaint(voltage_uv, current_ua)
        if complaint is not None:
            raise self._kept.error(Failure.INVALID, complaint)
        chip.reset.refuse(current_ua, after_ns, repaired=repaired)
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

    def _register_uw(self, chip: _Parts, now_ns: int, *, repaired: bool) -> int | None:
        """The power register, in microwatts; None where it is coarser and its turn has not come."""
        if chip.finer.register is False and now_ns < self._repair_due_ns:
            return None
        power_uw = chip.power.read_int()
        self._repair_due_ns = now_ns + _REPAIR_EVERY_NS
        if not repaired and self._clock.monotonic_ns() - now_ns >= _REPAIR_NS:
            raise self._kept.error(Failure.INVALID, "the chip was reset, and has just been set up again")
        if power_uw < 0:
            raise chip.power.invalid(f"reads {power_uw}: the driver's number has wrapped round")
        return power_uw

    def averaging_s(self) -> float:
        """The averages that `update_interval` stands for, times 2.2 ms; 1.064 ms for an INA219 or INA220.

        Raises:
            SensorError: If it cannot be read.
        """
        interval = self._kept.parts().interval
        if interval is None:
            return self._conversion_us / 1e6
        interval_ms = interval.read_int()
        if not 1 <= interval_ms <= 2 * _LONGEST_INTERVAL_MS:
            raise interval.invalid(f"reads {interval_ms}, which is no averaging time of this chip")
        return nearest_averages(interval_ms * 1_000, self._conversion_us) * self._conversion_us / 1e6

    def set_averaging(self, duration_s: float) -> bool:
        """Write `update_interval`; the driver takes the nearest averaging count (2 ms to 2.25 s).

        Only root may. False for an INA219 or INA220, which always average over one conversion.
        """
        if not self._facts.averages:
            return False
        duration_us = min(max(duration_s * 1e6, 0), AVERAGES[-1] * self._conversion_us)
        interval_us = nearest_averages(duration_us, self._conversion_us) * self._conversion_us
        interval_ms = round(interval_us / 1_000)
        written = self._kept.write("update_interval", interval_ms)
        if written and self._kept.now is not None:
            self._kept.now.reset.expect(interval_ms)
        return written

    def conversions(self) -> Conversions:
        """As the driver sets the chip up."""
        return Conversions(pair_ns=self._conversion_us * 1_000)

    def accuracy(self) -> Accuracy:
        """The errors of chip, shunt and driver; before the first `reopen`, for a shunt of 10 mohm."""
        return hwmon_accuracy(self._facts, self._shunt_uohm, self._correction)

    def close(self) -> None:
        """Close all descriptors."""
        self._kept.close()
