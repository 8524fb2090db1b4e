"""At which frequencies each CPU cluster of the Exynos 5422 can run, and at which voltage.

The voltages are those that one XU4 set after chip binning (hardware sheet, section 6, [S47]). The device
tree's own are not monotonic and are adjusted on every real chip, so they say nothing about power.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """One step of a cluster's frequency ladder.

    Attributes:
        frequency_khz: Clock in kilohertz, as cpufreq counts it.
        voltage_uv: Set point of the cluster's supply in microvolts.
    """

    frequency_khz: int
    voltage_uv: int

    @property
    def frequency_mhz(self) -> float:
        """Clock in megahertz."""
        return self.frequency_khz / 1000

    @property
    def voltage_v(self) -> float:
        """Set point in volts."""
        return self.voltage_uv / 1e6


def _ladder(millivolts: tuple[float, ...]) -> tuple[OperatingPoint, ...]:
    return tuple(
        OperatingPoint(frequency_khz=200_000 + 100_000 * step, voltage_uv=round(voltage * 1000))
        for step, voltage in enumerate(millivolts)
    )


# Ascending from 200 MHz in steps of 100 MHz.
_BIG_MV = (900, 900, 900, 900, 900, 900, 925, 950, 975, 1000, 1050, 1050, 1062.5, 1087.5, 1125, 1162.5)
_BIG_TOP_MV = (1200, 1250, 1312.5)
_LITTLE_MV = (900, 900, 900, 900, 950, 987.5, 1025, 1062.5, 1100, 1137.5, 1175, 1225, 1275)
BIG_LADDER = _ladder((*_BIG_MV, *_BIG_TOP_MV))
LITTLE_LADDER = _ladder(_LITTLE_MV)
