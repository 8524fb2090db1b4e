"""Reads the XU3's INA231 through the driver of Hardkernel's kernel 3.10.

That driver reads the chips on a timer of its own, every 263.808 ms by default (16 averages of two
conversions of 8.244 ms), and an attribute only shows what it read last. So a read never fails: a bus error
becomes a number, because the driver takes the error code for a register. What no register can hold is
refused here; a value that stands still is for the sampler to notice.

Power is `sensor_V` times `sensor_A`, whose digits are those of the registers; the driver's `sensor_W` cuts
both to whole millivolts and milliamperes first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edged.board.i2c import numbers_of
from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs
from edged.clock import Clock
from edged.power.accuracy import Accuracy, vendor_accuracy
from edged.power.attribute import KeptAttribute
from edged.power.chip_facts import CHIPS, DEFAULT_SHUNT_UOHM, VENDOR_CONVERSION_US
from edged.power.conversions import Conversions
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.i2c_identity import Place
from edged.power.kept_chip import KeptChip
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError

_DIRECTORY = "sys/bus/i2c/drivers/INA231"
_DECIMAL = re.compile(rb"([0-9]{1,4})\.([0-9]{6})")
_PERIOD = re.compile(rb"([0-9]{1,9}) usec")
_AVERAGES = 16

_FULL_SCALE_UA = {"big": 9_000_000, "gpu": 5_000_000, "mem": 3_000_000, "little": 2_000_000}
"""The current that the driver sets each chip up for (the vendor's board files; `big` is not confirmed)."""

_BY_SHUNT_UA = CHIPS["ina231"].shunt_range_uv * 1_000_000 // DEFAULT_SHUNT_UOHM
"""The largest current that a chip can tell with its shunt, whatever it is set up for."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The attributes that are kept of an open chip."""

    enable: KeptAttribute
    voltage: KeptAttribute
    current: KeptAttribute
    period: KeptAttribute


class VendorIna231:
    """One chip behind the vendor's driver. Call `reopen` before the first read.

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
        self._clock = clock
        self._correction = correction
        self._current_ratio = correction.current_ratio(DEFAULT_SHUNT_UOHM)
        self._power_ratio = self._current_ratio * correction.gain
        self._full_scale_ua = _FULL_SCALE_UA.get(chip.rail or "", _BY_SHUNT_UA)
        self._kept = KeptChip(chip, rail, root, find=_find, open_parts=_open_parts)

    @property
    def bus(self) -> str:
        """The I2C adapter it hangs on: "i2c-0"."""
        return self._kept.bus

    def reopen(self) -> None:
        """Find the chip by its address, whatever the number of the bus, and open its attributes.

        Raises:
            SensorError: If it is not there.
        """
        self._kept.reopen()

    def read(self) -> Sample:
        """What the driver read last.

        Raises:
            SensorError: If the sensor is switched off, or the numbers are none that the chip can tell.
        """
        chip = self._kept.parts()
        before_ns = self._clock.monotonic_ns()
        current_ua = _micro(chip.current)
        voltage_uv = _micro(chip.voltage)
        after_ns = self._clock.monotonic_ns()
        if voltage_uv == 0:
            raise self._no_voltage(chip)
        if voltage_uv > CHIPS["ina231"].bus_range_uv:
            raise chip.voltage.invalid(f"reads {voltage_uv / 1e6:g} V, which is no voltage of this chip")
        if current_ua > min(self._full_scale_ua, _BY_SHUNT_UA):
            raise chip.current.invalid(f"reads {current_ua / 1e6:g} A, which is no current of this chip")
        return Sample(
            at_ns=(before_ns + after_ns) // 2,
            power_uw=round(voltage_uv * current_ua * self._power_ratio / 1e6),
            voltage_uv=voltage_uv,
            current_ua=round(current_ua * self._current_ratio),
        )

    def _no_voltage(self, chip: _Parts) -> SensorError:
        """A sensor that is off reads zero, and so does one just switched on: neither is a power."""
        if chip.enable.read_int() == 0:
            return SensorError(
                self.rail,
                Failure.INVALID,
                "the sensor is switched off",
                where=chip.enable.where,
                remedy=f"switch it on as root: echo 1 > {chip.enable.where}",
            )
        return chip.voltage.invalid("reads no voltage at all")

    def averaging_s(self) -> float:
        """How often the driver reads the chip, which averages over the same time.

        Raises:
            SensorError: If it cannot be read.
        """
        period = self._kept.parts().period
        content = period.read()
        match = _PERIOD.fullmatch(content)
        if match is None or int(match[1]) == 0:
            raise period.invalid(f"reads {content[:40]!r}, which is no period")
        return int(match[1]) / 1e6

    def set_averaging(self, duration_s: float) -> bool:  # noqa: ARG002 - the protocol of all chips
        """The driver's own timer reads the chip: leave it as it is."""
        return False

    def conversions(self) -> Conversions:
        """As the driver sets the chip up; its timer knows nothing of when the chip finishes an average."""
        pair_ns = VENDOR_CONVERSION_US * 1_000
        return Conversions(pair_ns, longest_lag_ns=_AVERAGES * pair_ns)

    def accuracy(self) -> Accuracy:
        """The errors of chip and shunt."""
        return vendor_accuracy(self._full_scale_ua, self._correction)

    def close(self) -> None:
        """Close all descriptors."""
        self._kept.close()


def _find(sysfs: Sysfs, chip: SensorChip, rail: Rail) -> Place:
    """By its address alone: the driver serves one bus only, the one of the board's own sensors."""
    for name in sysfs.children(_DIRECTORY):
        numbers = numbers_of(name)
        if numbers and numbers[1] == chip.address:
            return Place(f"{_DIRECTORY}/{name}", numbers[0])
    what = f"no INA231 at I2C address {chip.address:#04x}"
    raise SensorError(rail, Failure.GONE, what, where=f"/{_DIRECTORY}")


def _open_parts(attribute: Callable[[str], KeptAttribute]) -> _Parts:
    return _Parts(
        enable=attribute("enable"),
        voltage=attribute("sensor_V"),
        current=attribute("sensor_A"),
        period=attribute("update_period"),
    )


def _micro(attribute: KeptAttribute) -> int:
    """A number with six decimals, in millionths. A minus sign is an error code in disguise."""
    content = attribute.read()
    match = _DECIMAL.fullmatch(content)
    if match is None:
        raise attribute.invalid(f"reads {content[:40]!r}, which is no measured value")
    return int(match[1]) * 1_000_000 + int(match[2])
