"""What the data sheets say of each chip: steps, ranges, errors, conversion times.

Sources are Texas Instruments' data sheets, named at each chip. Steps and ranges are exact by design of
the chip; errors are the maxima of the data sheet, to be taken as limits of a rectangular distribution.
"""

from dataclasses import dataclass

AVERAGES = (1, 4, 16, 64, 128, 256, 512, 1024)
"""Averaging counts of the INA226 family (data sheets, configuration register, bits AVG)."""

CONVERSION_TIMES_US = (140, 204, 332, 588, 1100, 2116, 4156, 8244)
"""Conversion times of the INA226 family (data sheets, configuration register, bits VBUSCT, VSHCT)."""

HWMON_CONVERSION_US = 2200
"""One shunt and one bus conversion, 1.1 ms each, as the kernel's hwmon driver leaves the chip."""

DEFAULT_SHUNT_UOHM = 10_000
"""The shunt that the kernel's drivers assume unless told, and that of all four sensors of an XU3."""

VENDOR_CONVERSION_US = 16_488
"""The same of 8.244 ms each, as the vendor kernel's driver sets an INA231 (hardware sheet, section 3)."""

INA219_CONVERSION_US = 1064
"""One shunt and one bus conversion, 532 us each (12 bit), as the kernel's drivers set an INA219."""

CONVERSION_TIME_TOLERANCE = 0.10
"""How far conversion times may be off: 1.1 ms typical, 1.21 ms at most (INA226, INA231 data sheets).

Taken as even between that much shorter and that much longer.
"""


@dataclass(frozen=True, slots=True)
class ChipFacts:
    """The figures of one kind of chip.

    Attributes:
        shunt_step_nv: Step of the shunt voltage register in nanovolts.
        shunt_range_uv: Largest shunt voltage of either sign that it can tell, in microvolts.
        bus_step_uv: Step of the bus voltage register in microvolts.
        bus_range_uv: Highest bus voltage that the chip is made for, in microvolts.
        power_step_factor: Step of the power register over step of the current register, in volts.
        current_gain_error: Maximum gain error of the shunt voltage, as a ratio.
        voltage_gain_error: Maximum gain error of the bus voltage, as a ratio.
        shunt_offset_uv: Maximum offset of the shunt voltage in microvolts.
        averages: Whether the number of averages can be set.
    """

    shunt_step_nv: int
    shunt_range_uv: int
    bus_step_uv: int
    bus_range_uv: int
    power_step_factor: int
    current_gain_error: float
    voltage_gain_error: float
    shunt_offset_uv: float
    averages: bool


# INA219 (SBOS448) and INA220 (SBOS459), grade A, -25 to 85 C, at the drivers' setting PGA / 8, 32 V.
_INA219 = ChipFacts(
    shunt_step_nv=10_000,
    shunt_range_uv=320_000,
    bus_step_uv=4_000,
    bus_range_uv=26_000_000,
    power_step_factor=20,
    current_gain_error=0.01,
    voltage_gain_error=0.01,
    shunt_offset_uv=200.0,
    averages=False,
)
# INA226 (SBOS547): gain error 0.1 %, offset 10 uV, 36 V.
_INA226 = ChipFacts(
    shunt_step_nv=2_500,
    shunt_range_uv=81_917,
    bus_step_uv=1_250,
    bus_range_uv=36_000_000,
    power_step_factor=25,
    current_gain_error=0.001,
    voltage_gain_error=0.001,
    shunt_offset_uv=10.0,
    averages=True,
)
# INA230 (SBOS601) and INA231 (SBOS644): gain error 0.5 %, offset 50 uV, 28 V.
_INA231 = ChipFacts(
    shunt_step_nv=2_500,
    shunt_range_uv=81_917,
    bus_step_uv=1_250,
    bus_range_uv=28_000_000,
    power_step_factor=25,
    current_gain_error=0.005,
    voltage_gain_error=0.005,
    shunt_offset_uv=50.0,
    averages=True,
)

CHIPS = {"ina219": _INA219, "ina220": _INA219, "ina226": _INA226, "ina230": _INA231, "ina231": _INA231}
"""The chips that can be read, by the name that the kernel gives them."""


def nearest_averages(duration_us: float, conversion_us: float) -> int:
    """The averaging count whose duration comes closest, as the kernel's drivers choose it."""
    wanted = duration_us / conversion_us
    return min(AVERAGES, key=lambda count: abs(count - wanted))


def nearest_conversion_us(duration_us: float) -> int:
    """The chip's conversion time closest to what a driver calls it (the IIO driver says 1110 for 1100)."""
    return min(CONVERSION_TIMES_US, key=lambda time: abs(time - duration_us))
