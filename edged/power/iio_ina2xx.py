"""Reads an INA2xx through the kernel's IIO driver `ina2xx-adc`, the only one that Debian's kernels build.

Power is the shunt voltage over the shunt, times the bus voltage, both in the chip's own steps (2.5 uV and
1.25 mV): finer than the power register at any voltage the chip can have, and, unlike the current and the
power register, right also when a reset has cleared the chip's calibration.

That driver never notices a reset. The chip then makes single conversions while `in_oversampling_ratio`,
kept in the driver's memory, tells the old average. So the current register is looked at once a second:
0 beside a shunt voltage means a reset. Writing the ratio again brings the averaging back; the calibration
comes back only when the driver is bound anew, but nothing here needs it.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from edged.board.parts import SensorChip
from edged.clock import Clock
from edged.power.accuracy import Accuracy, iio_accuracy
from edged.power.attribute import KeptAttribute
from edged.power.chip_facts import (
    AVERAGES,
    CHIPS,
    DEFAULT_SHUNT_UOHM,
    HWMON_CONVERSION_US,
    nearest_averages,
    nearest_conversion_us,
)
from edged.power.conversions import Conversions
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.i2c_identity import find_chip
from edged.power.ina2xx_limits import Limits
from edged.power.kept_chip import KeptChip
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError

_RESET_CHECK_NS = 1_000_000_000
_CLEAR_SHUNT_RAW = 8  # shunt steps: below it, a current register of 0 may be rounding
_RATIO = "in_oversampling_ratio"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is kept of an open chip, its scales in microunits per step, and what follows from its shunt."""

    shunt: KeptAttribute
    voltage: KeptAttribute
    current: KeptAttribute
    shunt_uohm: float
    shunt_step_uv: float
    voltage_step_uv: float
    limits: Limits


class IioIna2xx:
    """One chip behind the IIO driver. Call `reopen` before the first read.

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
        self._told_conversion_us: float = HWMON_CONVERSION_US  # before it is told, that of the other driver
        self._clock = clock
        self._correction = correction
        self._shunt_uohm: float = DEFAULT_SHUNT_UOHM
        self._reset_check_ns = 0
        self._reset_known = False
        find = partial(find_chip, directory="sys/bus/iio/devices")
        self._kept = KeptChip(chip, rail, root, find=find, open_parts=self._open_parts)

    @property
    def bus(self) -> str:
        """The I2C adapter it hangs on: "i2c-0"."""
        return self._kept.bus

    def reopen(self) -> None:
        """Find the chip by controller and address under any IIO number, and open its attributes.

        Raises:
            SensorError: If it is not there.
        """
        self._kept.reopen()
        self._reset_check_ns = self._clock.monotonic_ns()
        self._reset_known = False

    def _open_parts(self, attribute: Callable[[str], KeptAttribute]) -> _Parts:
        driver_shunt_uohm = _shunt_of(attribute("in_shunt_resistor"))
        shunt_uohm = self._correction.shunt_uohm or driver_shunt_uohm
        self._shunt_uohm = shunt_uohm
        return _Parts(
            shunt=attribute("in_voltage0_raw"),
            voltage=attribute("in_voltage1_raw"),
            current=attribute("in_current3_raw"),
            shunt_uohm=shunt_uohm,
            shunt_step_uv=_scale_of(attribute("in_voltage0_scale")),
            voltage_step_uv=_scale_of(attribute("in_voltage1_scale")),
            limits=Limits(self._facts, shunt_uohm),
        )

    def read(self) -> Sample:
        """Read shunt and bus voltage once, and once a second the current register as well.

        Raises:
            SensorError: If a read fails, or the chip says something impossible, or it was reset.
        """
        chip = self._kept.parts()
        before_ns = self._clock.monotonic_ns()
        shunt_raw = chip.shunt.read_int()
        voltage_raw = chip.voltage.read_int()
        after_ns = self._clock.monotonic_ns()
        if after_ns >= self._reset_check_ns:
            self._check_reset(chip, shunt_raw)
            self._reset_check_ns = after_ns + _RESET_CHECK_NS
        current_ua = shunt_raw * chip.shunt_step_uv * 1e6 / chip.shunt_uohm
        voltage_uv = voltage_raw * chip.voltage_step_uv
        complaint = chip.limits.complaint(round(voltage_uv), round(current_ua))
        if complaint is not None:
            raise self._kept.error(Failure.INVALID, complaint)
        return Sample(
            at_ns=(before_ns + after_ns) // 2,
            power_uw=round(voltage_uv * current_ua * self._correction.gain / 1e6),
            voltage_uv=round(voltage_uv),
            current_ua=round(current_ua),
        )

    def _check_reset(self, chip: _Parts, shunt_raw: int) -> None:
        """Restore the averaging of a chip that was reset, and refuse what it said meanwhile.

        The driver writes only what differs from the chip's register, so that repeating it costs a read.
        """
        if abs(shunt_raw) < _CLEAR_SHUNT_RAW or chip.current.read_int() != 0:
            return
        restored = not self._facts.averages or self._kept.write(_RATIO, self._ratio())
        known, self._reset_known = self._reset_known and restored, restored
        if not known:
            raise SensorError(
                self.rail,
                Failure.INVALID,
                "the chip was reset, and has lost its averaging",
                where=f"/{self._kept.path}/{_RATIO}",
                remedy="" if restored else f"as root, write {self._ratio()} to it again",
            )

    def averaging_s(self) -> float:
        """Averages times the conversion times of shunt and bus voltage.

        Raises:
            SensorError: If they cannot be read.
        """
        self._told_conversion_us = self._conversion_us()
        return self._told_conversion_us * (self._ratio() if self._facts.averages else 1) / 1e6

    def set_averaging(self, duration_s: float) -> bool:
        """Write `in_oversampling_ratio`, conversion times as they are.

        Only root may. False for an INA219 or INA220, which have no such attribute.
        """
        if not self._facts.averages:
            return False
        try:
            ratio = nearest_averages(max(duration_s * 1e6, 0), self._conversion_us())
        except SensorError:
            return False
        return self._kept.write(_RATIO, ratio)

    def _conversion_us(self) -> float:
        times = (self._read_time(f"in_voltage{channel}_integration_time") for channel in (0, 1))
        return sum(nearest_conversion_us(time) if self._facts.averages else time for time in times)

    def _read_time(self, name: str) -> float:
        with closing(self._opened(name)) as attribute:
            return attribute.read_float() * 1e6

    def _ratio(self) -> int:
        with closing(self._opened(_RATIO)) as attribute:
            ratio = attribute.read_int()
            if not 1 <= ratio <= AVERAGES[-1]:
                raise attribute.invalid(f"reads {ratio}, which is no number of averages")
            return ratio

    def _opened(self, name: str) -> KeptAttribute:
        self._kept.parts()
        return self._kept.attribute(name)

    def conversions(self) -> Conversions:
        """As the chip was set up when its averaging was asked for last."""
        return Conversions(pair_ns=round(self._told_conversion_us * 1_000))

    def accuracy(self) -> Accuracy:
        """The errors of chip and shunt; before the first `reopen`, for a shunt of 10 mohm."""
        return iio_accuracy(self._facts, self._shunt_uohm, self._correction)

    def close(self) -> None:
        """Close all descriptors."""
        self._kept.close()


def _shunt_of(attribute: KeptAttribute) -> float:
    """The shunt in microohms: today's drivers tell ohms with a fraction, old ones whole microohms."""
    number = attribute.read_float()
    shunt_uohm = number * 1e6 if b"." in attribute.read() else number
    if shunt_uohm < 1:
        raise attribute.invalid(f"reads {number}, which is no resistance")
    return shunt_uohm


def _scale_of(attribute: KeptAttribute) -> float:
    """A scale in microvolts per step; the driver tells millivolts."""
    scale = attribute.read_float()
    if not 0 < scale < 1000:
        raise attribute.invalid(f"reads {scale}, which is no scale")
    return scale * 1_000
