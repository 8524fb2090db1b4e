"""How far a sensor's power may be off: what no software can remove, for the uncertainty of each joule."""

from dataclasses import dataclass, replace

from edged.power.chip_facts import CHIPS, DEFAULT_SHUNT_UOHM, ChipFacts
from edged.power.correction import Correction


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The errors of one sensor. Maxima are limits of a rectangular distribution.

    A chip's power is read by voltage times current or by its power register, whichever is finer: of the
    two steps below, the one that is smaller at the rail's voltage holds.

    Attributes:
        voltage_gain_ratio: Maximum gain error of the voltage; 0 for a meter, which tells power.
        current_gain_ratio: Maximum gain error of the current without its shunt; of the power, for a meter.
        shunt_ratio: Tolerance of the shunt, or of what calibration leaves of it; 0 for a meter.
        offset_ua: Maximum offset of the current in microamperes; cancels in net energy.
        current_step_ua: Step of the current in microamperes; 0 where only power counts.
        power_step_uw: Step of the power register in microwatts, which truncates; 0 where it is never taken.
    """

    voltage_gain_ratio: float
    current_gain_ratio: float
    shunt_ratio: float
    offset_ua: float
    current_step_ua: float
    power_step_uw: float


SMARTPOWER3_ACCURACY = Accuracy(
    voltage_gain_ratio=0.0,
    current_gain_ratio=0.03,
    shunt_ratio=0.0,
    offset_ua=0.0,
    current_step_ua=0.0,
    power_step_uw=1_000.0,
)
"""Hardkernel's page of the SmartPower3: "3 % typical above 5 V 1 A"; nothing is said of smaller loads."""

SMARTPOWER2_ACCURACY = SMARTPOWER3_ACCURACY
"""Nothing is published of the SmartPower2; its successor's figure is assumed."""

RAPL_ACCURACY = Accuracy(
    voltage_gain_ratio=0.0,
    current_gain_ratio=0.05,
    shunt_ratio=0.0,
    offset_ua=0.0,
    current_step_ua=0.0,
    power_step_uw=0.0,
)
"""No data sheet tells how far RAPL may be off; 5 % is an assumption, and said to be one in the README."""


def hwmon_accuracy(facts: ChipFacts, driver_shunt_uohm: float, correction: Correction) -> Accuracy:
    """An INA2xx behind hwmon: current in whole milliamperes, or the chip's step if that is coarser.

    Args:
        facts: The chip's data sheet.
        driver_shunt_uohm: The shunt that the driver computes with, in microohms.
        correction: The true shunt.
    """
    ratio = correction.current_ratio(driver_shunt_uohm)
    step_ua = facts.shunt_step_nv * 1_000 / driver_shunt_uohm
    return Accuracy(
        voltage_gain_ratio=facts.voltage_gain_error,
        current_gain_ratio=facts.current_gain_error,
        shunt_ratio=correction.shunt_tolerance_ratio,
        offset_ua=facts.shunt_offset_uv * 1e6 / driver_shunt_uohm * ratio,
        current_step_ua=max(step_ua, 1_000.0) * ratio,
        power_step_uw=facts.power_step_factor * step_ua * ratio,
    )


def iio_accuracy(facts: ChipFacts, shunt_uohm: float, correction: Correction) -> Accuracy:
    """An INA2xx behind IIO: current in the chip's own step.

    Args:
        facts: The chip's data sheet.
        shunt_uohm: The true shunt in microohms.
        correction: Its tolerance.
    """
    return Accuracy(
        voltage_gain_ratio=facts.voltage_gain_error,
        current_gain_ratio=facts.current_gain_error,
        shunt_ratio=correction.shunt_tolerance_ratio,
        offset_ua=facts.shunt_offset_uv * 1e6 / shunt_uohm,
        current_step_ua=facts.shunt_step_nv * 1_000 / shunt_uohm,
        power_step_uw=0.0,
    )


def vendor_accuracy(full_scale_ua: float, correction: Correction) -> Accuracy:
    """An INA231 behind the vendor kernel's driver: current in 1/32768 of the full scale set for the rail.

    The chip works that out from its shunt register: a step finer than that one's makes nothing finer.

    Args:
        full_scale_ua: The largest current that the driver sets the chip up for, in microamperes.
        correction: The true shunt.
    """
    chip = iio_accuracy(CHIPS["ina231"], correction.shunt_uohm or DEFAULT_SHUNT_UOHM, correction)
    step_ua = full_scale_ua / 32_768 * correction.current_ratio(DEFAULT_SHUNT_UOHM)
    return replace(chip, current_step_ua=max(step_ua, chip.current_step_ua))
