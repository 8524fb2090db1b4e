"""The board as discovered: its CPU clusters, thermal zones, cooling devices, sensors and what it lacks.

Discovery fills these; every other room only reads them. What is absent is `None` or an empty tuple,
and has an `Absence` that says why and what would bring it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Which machine this is.

    Attributes:
        model: Name for people, such as "Hardkernel Odroid XU4".
        compatible: Device tree `compatible` strings, most specific first; empty without a device tree.
        soc: Name of the system on a chip, such as "Exynos 5422"; the CPU's model name elsewhere; may be "".
        kernel: Kernel release, such as "6.6.75"; may be "".
        machine: Architecture of user space, such as "armv7l"; may be "".
        virtual: Whether it is a virtual machine, as far as its CPU says.
    """

    model: str
    compatible: tuple[str, ...]
    soc: str
    kernel: str
    machine: str
    virtual: bool = False


@dataclass(frozen=True, slots=True)
class CpuCluster:
    """The CPUs that share one cpufreq policy: one clock, and on big.LITTLE one kind of core.

    Attributes:
        name: `cpu` where there is one kind of core; else `little`, `big` and between them `mid` (`mid1`,
            `mid2` if there are several kinds). Clusters of one kind are numbered too: `big1`, `big2`.
        core: Name of the core, such as "Cortex-A15".
        cpus: Linux CPU numbers that are online, ascending.
        capacity: `cpu_capacity` relative to 1024; None where the kernel does not tell.
        min_frequency_hz: Lowest hardware frequency; None without cpufreq.
        max_frequency_hz: Highest hardware frequency; None without cpufreq.
        frequencies_hz: Available frequencies, ascending; may be empty although there is cpufreq.
        governor: Name of the cpufreq governor; None without cpufreq.
        policy: Directory of the cpufreq policy relative to the root; None without cpufreq.
        further_policies: The other policies of a host that gives each CPU a clock of its own: there, all
            CPUs of one kind are one cluster.
        time_in_state: Whether the kernel counts the time the cluster spends at each frequency.
        supply: Name of the regulator that feeds it, such as "vdd_arm"; None where not known.
    """

    name: str
    core: str
    cpus: tuple[int, ...]
    capacity: int | None = None
    min_frequency_hz: int | None = None
    max_frequency_hz: int | None = None
    frequencies_hz: tuple[int, ...] = ()
    governor: str | None = None
    policy: str | None = None
    further_policies: tuple[str, ...] = ()
    time_in_state: bool = False
    supply: str | None = None


@dataclass(frozen=True, slots=True)
class TripPoint:
    """A temperature at which the kernel does something.

    Attributes:
        index: Number of the trip point in its zone.
        action: `active`, `passive`, `hot` or `critical`, as the kernel calls it.
        temperature_c: Degrees Celsius.
        hysteresis_c: How far it must cool below before the kernel undoes it, in degrees; None if not told.
    """

    index: int
    action: str
    temperature_c: float
    hysteresis_c: float | None


@dataclass(frozen=True, slots=True)
class ThermalZone:
    """One temperature sensor with its trip points.

    Attributes:
        name: Its `type`, made unique with a number where several zones share it.
        path: Its temperature attribute relative to the root.
        trips: Trip points in index order.
        line: None where the attribute is one number; else the prefix of the line that carries it
            (the vendor kernel 3.10 has five sensors in one file: "sensor0").
    """

    name: str
    path: str
    trips: tuple[TripPoint, ...] = ()
    line: str | None = None


@dataclass(frozen=True, slots=True)
class CoolingDevice:
    """Something the kernel uses to cool: a fan, or a limit on a clock.

    Attributes:
        name: Its `type`, made unique with a number where several devices share it.
        path: Its directory relative to the root.
        max_state: Strongest state; 0 is no cooling.
        cpu_cluster: Name of the CPU cluster whose clock it limits; None for fans, the GPU and the rest.
        statistics: Whether the kernel counts the time in each state.
        kind: Its `type`; "" where it is not known, and its directory cannot be told from another device's.
    """

    name: str
    path: str
    max_state: int
    cpu_cluster: str | None = None
    statistics: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Regulator:
    """The set point of a supply: what the PMIC was told, not a measurement.

    Attributes:
        name: Supply, such as "vdd_arm".
        path: Its `microvolts` attribute relative to the root.
    """

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class MemoryController:
    """The DRAM controller's clock, as devfreq shows it.

    Attributes:
        name: Name of the devfreq device.
        path: Its directory relative to the root.
    """

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class SensorChip:
    """A power sensor that the kernel shows, and the rail it sits on.

    Attributes:
        rail: `big`, `little`, `gpu` or `mem` for the XU3's own sensors; None for any other.
        driver: `hwmon`, `iio` or `vendor`: which of the kernel's interfaces shows it.
        chip: Name of the chip, such as "ina231".
        controller: Device name of the I2C controller, such as "12c60000.i2c"; "" where it cannot be told.
        bus: Number of the I2C adapter; it may differ from boot to boot.
        address: I2C address.
        path: Directory with its attributes relative to the root; it may change while controller and
            address stay.
        supplies: What the rail feeds, for people; may be "".
    """

    rail: str | None
    driver: str
    chip: str
    controller: str
    bus: int
    address: int
    path: str
    supplies: str = ""


@dataclass(frozen=True, slots=True)
class MeterPort:
    """A serial port that an external power meter may be on: its USB id is that of a SmartPower3.

    Attributes:
        device: Device file, such as "/dev/ttyUSB0".
        usb_id: Vendor and product, such as "10c4:ea60"; the same bridge is in other devices too.
    """

    device: str
    usb_id: str


@dataclass(frozen=True, slots=True)
class PowercapZone:
    """An energy counter of the CPU package (RAPL), as powercap shows it.

    Attributes:
        name: Its name, such as "package-0" or "package-0/core".
        path: Its directory relative to the root.
        max_energy_uj: Where the counter wraps round, in microjoules.
    """

    name: str
    path: str
    max_energy_uj: int


@dataclass(frozen=True, slots=True)
class Absence:
    """Something a board could have and this one has not.

    Attributes:
        what: The thing, such as "power sensors".
        why: Why it is not there, in one sentence without a full stop.
        remedies: What would bring it, each in one sentence; empty if nothing would.
    """

    what: str
    why: str
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The machine, as discovered under one root."""

    identity: Identity
    clusters: tuple[CpuCluster, ...]
    thermal_zones: tuple[ThermalZone, ...] = ()
    cooling_devices: tuple[CoolingDevice, ...] = ()
    regulators: tuple[Regulator, ...] = ()
    memory: MemoryController | None = None
    sensor_chips: tuple[SensorChip, ...] = ()
    powercap_zones: tuple[PowercapZone, ...] = ()
    meter_ports: tuple[MeterPort, ...] = ()
    absences: tuple[Absence, ...] = ()

    def cluster(self, name: str) -> CpuCluster:
        """The CPU cluster of that name.

        Raises:
            KeyError: If the board has no such cluster.
        """
        for cluster in self.clusters:
            if cluster.name == name:
                return cluster
        raise KeyError(name)
