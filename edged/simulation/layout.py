"""Which parts the simulated boards have, and where their files are.

Facts of the hardware sheet, sections 1, 2.5, 5, 6, 7, 8 and 13: mainline Linux about 6.6.
"""

from dataclasses import dataclass

from edged.simulation.opp import BIG_LADDER, LITTLE_LADDER, OperatingPoint
from edged.simulation.stepwise import BIG_CLOCK, CPU_TRIPS, FAN, GPU_CLOCK, GPU_TRIPS, LITTLE_CLOCK


@dataclass(frozen=True, slots=True)
class BoardKind:
    """What one board has that its sister has not.

    Attributes:
        name: `xu3` or `xu4`.
        model: Its name in the device tree.
        compatible: First entry of the device tree's `compatible`.
        sensors: Rail to I2C address of the power sensor on it; empty where there are none.
    """

    name: str
    model: str
    compatible: str
    sensors: dict[str, int]


KINDS = {
    "xu3": BoardKind(
        "xu3",
        "Hardkernel Odroid XU3",
        "hardkernel,odroid-xu3",
        {"big": 0x40, "mem": 0x41, "gpu": 0x44, "little": 0x45},
    ),
    # A stock XU4 has no power sensor.
    "xu4": BoardKind("xu4", "Hardkernel Odroid XU4", "hardkernel,odroid-xu4", {}),
}


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What the kernel shows of one CPU cluster.

    Attributes:
        cpus: Linux CPU numbers.
        ladder: Operating points, ascending.
        capacity: `cpu_capacity`.
        package: `physical_package_id`, which runs against the numbering on this chip.
        part: `CPU part` in /proc/cpuinfo.
        variant: `CPU variant` there.
        bogomips: `BogoMIPS` there.
        regulator: Number of its supply's regulator.
        supply: Name of its supply.
        cooling: `type` of the cooling device that limits its clock.
    """

    cpus: tuple[int, ...]
    ladder: tuple[OperatingPoint, ...]
    capacity: int
    package: int
    part: str
    variant: str
    bogomips: str
    regulator: int
    supply: str
    cooling: str

    @property
    def policy(self) -> str:
        """Directory of its cpufreq policy."""
        return f"sys/devices/system/cpu/cpufreq/policy{self.cpus[0]}"

    @property
    def microvolts(self) -> str:
        """The attribute with its supply's set point."""
        return f"sys/class/regulator/regulator.{self.regulator}/microvolts"


CLUSTERS = {
    "little": ClusterFacts(
        (0, 1, 2, 3), LITTLE_LADDER, 377, 1, "0xc07", "0x0", "84.00", 45, "vdd_kfc", LITTLE_CLOCK
    ),
    "big": ClusterFacts(
        (4, 5, 6, 7), BIG_LADDER, 1024, 0, "0xc0f", "0x2", "120.00", 41, "vdd_arm", BIG_CLOCK
    ),
}
ZONE_NAMES = (*(f"cpu{number}-thermal" for number in range(4)), "gpu-thermal")
ZONE_TRIPS = (CPU_TRIPS,) * 4 + (GPU_TRIPS,)
COOLING_DEVICES = {FAN: 3, LITTLE_CLOCK: 12, BIG_CLOCK: 18, GPU_CLOCK: 6}
FAN_PWM = (0, 130, 170, 230)
FAN_HWMON = "sys/devices/platform/pwm-fan/hwmon/hwmon0"
GPU_FREQUENCIES_HZ = tuple(mhz * 1_000_000 for mhz in (177, 266, 350, 420, 480, 543, 600))
GPU_RUNS_AT_HZ = 480_000_000
GPU = "sys/class/devfreq/11800000.gpu"
I2C_BUS = "sys/devices/platform/soc/12c60000.i2c/i2c-0"


def zone_directory(number: int) -> str:
    """Directory of a thermal zone."""
    return f"sys/class/thermal/thermal_zone{number}"


def cooling_directory(kind: str) -> str:
    """Directory of the cooling device of that `type`."""
    return f"sys/class/thermal/cooling_device{list(COOLING_DEVICES).index(kind)}"
