"""What each rail of the Exynos 5422 draws: from clock, voltage, busy cores and temperature.

A CPU cluster draws

    leakage(V, T) + clock tree * f * V² + busy cores * core * f * V²

with f in MHz and V in volts. Leakage and clock tree are what the rail draws idle; only the last term is
work. Temperature acts on the leakage alone.

The constants are fitted to the figures of the hardware sheet, section 11:

* A7: idle 0.1035 W at 1400 MHz down to 0.0088 W at 200 MHz, die about 53 °C [S70]; this law stays within
  15 % of all thirteen of them. One busy core at 1400 MHz adds 0.17 W.
* A15: idle 0.11 W, nearly independent of the clock, because the kernel switches idle A15 cores off and only
  the shared part leaks [S72]; one busy core at 2000 MHz makes 1.80 to 1.84 W [S71].
* GPU idle 0.07 W; memory idle 0.05 W, and 0.03 to 0.08 W more while a core works.
"""

import math
from dataclasses import dataclass

from edged.simulation.opp import BIG_LADDER, LITTLE_LADDER, OperatingPoint

REFERENCE_C = 50.0
# Leakage doubles every 46 degrees. No source gives it for this chip; 30 to 60 is what 28 nm parts show.
LEAKAGE_PER_C = 0.015
REFERENCE_V = 0.9


@dataclass(frozen=True, slots=True)
class PowerPoint:
    """What a cluster draws at one operating point.

    Attributes:
        leakage_w: Leakage at 50 °C in watts.
        clock_w: Clock tree in watts.
        core_w: One busy core in watts, on top of the other two.
    """

    leakage_w: float
    clock_w: float
    core_w: float

    def idle_w(self, temperature_c: float) -> float:
        """Power of the idle cluster in watts."""
        return self.clock_w + self.leakage_w * leakage_ratio(temperature_c)


@dataclass(frozen=True, slots=True)
class ClusterPower:
    """The constants of one CPU cluster.

    Attributes:
        leakage_w: Leakage at 0.9 V and 50 °C in watts.
        leakage_per_v: Exponent of the leakage's growth with voltage, per volt.
        clock_w_per_mhz_v2: Clock tree, in watts per megahertz and square volt.
        core_w_per_mhz_v2: One busy core, in the same unit.
    """

    leakage_w: float
    leakage_per_v: float
    clock_w_per_mhz_v2: float
    core_w_per_mhz_v2: float

    def at(self, point: OperatingPoint) -> PowerPoint:
        """What the cluster draws at `point`."""
        switching = _switching(point)
        return PowerPoint(
            leakage_w=self.leakage_w * math.exp(self.leakage_per_v * (point.voltage_v - REFERENCE_V)),
            clock_w=self.clock_w_per_mhz_v2 * switching,
            core_w=self.core_w_per_mhz_v2 * switching,
        )


def leakage_ratio(temperature_c: float) -> float:
    """Leakage at this temperature over leakage at 50 °C."""
    return math.exp(LEAKAGE_PER_C * (temperature_c - REFERENCE_C))


def _switching(point: OperatingPoint) -> float:
    return point.frequency_mhz * point.voltage_v**2


BIG = ClusterPower(
    leakage_w=0.105,
    leakage_per_v=0.1,
    clock_w_per_mhz_v2=3e-6,
    core_w_per_mhz_v2=1.70 / _switching(BIG_LADDER[-1]),
)
LITTLE = ClusterPower(
    leakage_w=0.0043,
    leakage_per_v=6.0,
    clock_w_per_mhz_v2=2.67e-5,
    core_w_per_mhz_v2=0.17 / _switching(LITTLE_LADDER[-1]),
)

GPU_IDLE_W = 0.070
GPU_SET_V = 0.985
MEMORY_IDLE_W = 0.050
MEMORY_SET_V = 1.2125
# Traffic of one busy core, at its cluster's highest clock.
MEMORY_PER_BIG_CORE_W = 0.060
MEMORY_PER_LITTLE_CORE_W = 0.030
