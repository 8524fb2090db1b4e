"""Directory trees that look to a reader like the kernel's sysfs, and a clock to read them by."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from edged.board.parts import SensorChip
from edged.power.reading import Rail

CONTROLLER = "12c60000.i2c"

# What the kernel 6.1 driver shows for the registers of shared/hardware/ina231-hwmon-kernel.tsv at 0x40.
INA231 = {
    "name": "ina231",
    "in0_input": "1",
    "in1_input": "913",
    "curr1_input": "225",
    "power1_input": "200000",
    "shunt_resistor": "10000",
    "update_interval": "35",
}
# The same chip behind ina2xx-adc of kernel 6.1: 912.5 mV, and a shunt voltage of 2.25 mV.
INA231_IIO = {
    "name": "ina231",
    "in_voltage0_raw": "900",
    "in_voltage0_scale": "0.002500000",
    "in_voltage0_integration_time": "0.001100",
    "in_voltage1_raw": "730",
    "in_voltage1_scale": "1.250000000",
    "in_voltage1_integration_time": "0.001100",
    "in_current3_raw": "900",
    "in_oversampling_ratio": "4",
    "in_shunt_resistor": "0.010000000",
}
# An XU3 with the vendor's kernel 3.10: shared/hardware/sysfs-xu3-legacy.tsv.
VENDOR = {
    "sensor_name": "sensor_arm",
    "enable": "1",
    "update_period": "263808 usec",
    "sensor_V": "1.197500",
    "sensor_A": "1.282046",
    "sensor_W": "1.534554",
}


class SteppingClock:
    """A clock that tests set; each look at it takes the time that a test wants a read to take."""

    def __init__(self) -> None:
        self.now_ns = 1_000_000_000
        self.looks_ns: list[int] = []

    def monotonic_ns(self) -> int:
        if self.looks_ns:
            self.now_ns += self.looks_ns.pop(0)
        return self.now_ns

    def wall_s(self) -> float:
        return 1_700_000_000.0

    def sleep(self, duration_s: float) -> None:
        self.now_ns += round(duration_s * 1e9)


def write_attributes(directory: Path, attributes: Mapping[str, str]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in attributes.items():
        (directory / name).write_text(f"{content}\n")


def hwmon_chip(
    root: Path,
    attributes: Mapping[str, str] = INA231,
    *,
    number: int = 0,
    address: int = 0x40,
    bus: int = 0,
    controller: str = CONTROLLER,
) -> SensorChip:
    """A chip behind hwmon, as the kernel links it."""
    client = root / f"sys/devices/platform/soc/{controller}/i2c-{bus}/{bus}-{address:04x}"
    device = client / f"hwmon/hwmon{number}"
    write_attributes(device, attributes)
    os.symlink("../../../" + client.name, device / "device")
    path = _link(root, "sys/class/hwmon", device)
    return SensorChip(None, "hwmon", attributes["name"], controller, bus, address, path)


def iio_chip(
    root: Path,
    attributes: Mapping[str, str] = INA231_IIO,
    *,
    number: int = 0,
    address: int = 0x40,
    bus: int = 0,
    controller: str = CONTROLLER,
) -> SensorChip:
    """A chip behind IIO, as the kernel links it."""
    device = (
        root / f"sys/devices/platform/soc/{controller}/i2c-{bus}/{bus}-{address:04x}" / f"iio:device{number}"
    )
    write_attributes(device, attributes)
    path = _link(root, "sys/bus/iio/devices", device)
    return SensorChip(None, "iio", attributes["name"], controller, bus, address, path)


def _link(root: Path, directory: str, device: Path) -> str:
    """The entry of a class directory for a device, relative to the root."""
    entry = root / directory / device.name
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.symlink_to(device)
    return f"{directory}/{device.name}"


def remove_chip(root: Path, chip: SensorChip) -> None:
    """The kernel takes a device away: the link in the class directory goes."""
    (root / chip.path).unlink()


def vendor_chip(
    root: Path,
    attributes: Mapping[str, str] = VENDOR,
    *,
    bus: int = 3,
    address: int = 0x40,
    rail: str = "big",
) -> SensorChip:
    """A chip behind the vendor's driver."""
    path = f"sys/bus/i2c/drivers/INA231/{bus}-{address:04x}"
    write_attributes(root / path, attributes)
    return SensorChip(rail, "vendor", "ina231", "", bus, address, path)


def a_rail(name: str = "big") -> Rail:
    return Rail(name, f"ina231 {CONTROLLER} 0x40", "ina231", "0x40")


def fresh_root(factory: pytest.TempPathFactory) -> Path:
    """A root for one example of a property; `mktemp` of the factory gets slower with each directory."""
    return Path(tempfile.mkdtemp(dir=factory.getbasetemp()))
