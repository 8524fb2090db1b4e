"""Writes what discovery reads on a machine into one text file: a fixture for tests, or a report of a fault.

Only the attributes listed here leave the machine. None of them is a serial number, a network address, a host
name or a machine or boot id; where a permitted file has one inside, it is made unreadable.
"""

import fnmatch
import re
from collections.abc import Iterator
from typing import TextIO

from edged.board.dump_lines import Attribute, Entry, FailingRead, Link, format_entry
from edged.board.optional import text_or_none
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.usb import ID_ATTRIBUTES, usb_device_above

_CPU = "sys/devices/system/cpu"
_CPUFREQ = (
    *("affected_cpus", "related_cpus", "scaling_driver", "scaling_governor", "scaling_available_frequencies"),
    *("cpuinfo_min_freq", "cpuinfo_max_freq", "cpuinfo_cur_freq", "scaling_cur_freq", "scaling_min_freq"),
    *("scaling_max_freq", "stats/time_in_state", "stats/total_trans"),
)
_HWMON = (
    *("device", "of_node", "name", "label", "in0_input", "in1_input", "curr1_input", "power1_input"),
    *("shunt_resistor", "update_interval", "pwm1"),
)
_IIO = (
    *("name", "label", "in_voltage0_raw", "in_voltage0_scale", "in_voltage1_raw", "in_voltage1_scale"),
    *("in_power2_raw", "in_power2_scale", "in_current3_raw", "in_current3_scale", "in_shunt_resistor"),
    *("in_oversampling_ratio", "in_sampling_frequency"),
    *("in_voltage0_integration_time", "in_voltage1_integration_time"),
)
_VENDOR = ("sensor_name", "enable", "update_period", "sensor_V", "sensor_A", "sensor_W")

# In this order; `*` stands for any name but no slash. A link on the way is dumped as a link.
_ALLOWED = (
    "proc/device-tree/model",
    "proc/device-tree/compatible",
    *(f"sys/devices/soc0/{name}" for name in ("machine", "family", "soc_id", "revision")),
    *(f"sys/class/dmi/id/{name}" for name in ("sys_vendor", "product_name")),
    *(f"proc/sys/kernel/{name}" for name in ("osrelease", "arch")),
    "proc/cpuinfo",
    "proc/stat",
    *(f"{_CPU}/{name}" for name in ("online", "possible", "present")),
    *(f"{_CPU}/cpu*/{name}" for name in ("cpu_capacity", "topology/physical_package_id", "topology/core_id")),
    *(f"{_CPU}/cpufreq/policy*/{name}" for name in _CPUFREQ),
    f"{_CPU}/cpu*/cpufreq",
    *(f"{_CPU}/cpu*/cpufreq/{name}" for name in _CPUFREQ),
    *(f"sys/class/thermal/thermal_zone*/{name}" for name in ("type", "temp", "mode", "policy")),
    *(f"sys/class/thermal/thermal_zone*/trip_point_*_{name}" for name in ("type", "temp", "hyst")),
    *(f"sys/class/thermal/cooling_device*/{name}" for name in ("type", "max_state", "cur_state")),
    *(f"sys/class/thermal/cooling_device*/stats/{name}" for name in ("time_in_state_ms", "total_trans")),
    *(f"sys/devices/virtual/thermal/thermal_zone*/{name}" for name in ("type", "temp")),
    "sys/devices/10060000.tmu/temp",
    *(f"sys/devices/odroid_fan.*/{name}" for name in ("fan_mode", "fan_speeds", "temp_levels", "pwm_duty")),
    *(f"sys/class/hwmon/hwmon*/{name}" for name in _HWMON),
    *(f"sys/bus/iio/devices/iio:device*/{name}" for name in _IIO),
    *(f"sys/bus/i2c/devices/*-*/{name}" for name in ("driver", "name")),
    *(f"sys/bus/i2c/devices/*-*/of_node/{name}" for name in ("name", "compatible", "reg", "shunt-resistor")),
    *(f"sys/bus/i2c/drivers/INA231/*-*/{name}" for name in _VENDOR),
    *(f"sys/class/devfreq/*/{name}" for name in ("governor", "available_frequencies", "cur_freq")),
    *(f"sys/class/devfreq/*/{name}" for name in ("min_freq", "max_freq")),
    *(f"sys/class/regulator/regulator.*/{name}" for name in ("name", "microvolts")),
    *(f"sys/class/powercap/intel-rapl*/{name}" for name in ("name", "energy_uj", "max_energy_range_uj")),
    "sys/class/tty/ttyUSB*",
    "sys/class/tty/ttyACM*",
)

_SERIAL_LINE = re.compile(rb"(?im)^(serial\s*:\s*)(\S.*)$")
_MAC_ADDRESS = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")


def write_dump(sysfs: Sysfs, out: TextIO) -> None:
    """Write the dump of the machine below the root of `sysfs`."""
    out.write(
        "# edged board dump: path, tab, content; no serial numbers, addresses or names of the machine\n"
    )
    host = (text_or_none(sysfs, "proc/sys/kernel/hostname") or "").encode()
    for entry in _entries(sysfs):
        if isinstance(entry, Attribute):
            entry = Attribute(entry.path, scrub(entry.path, entry.content, host))  # noqa: PLW2901
        out.write(format_entry(entry) + "\n")


def scrub(path: str, content: bytes, host: bytes = b"") -> bytes:
    """The content of an attribute without what tells one machine from another of its kind.

    Args:
        path: The attribute, relative to the root.
        content: What it reads.
        host: Name of the machine.
    """
    if path == "proc/stat":  # the rest tells of interrupts and the time of boot
        content = b"".join(line + b"\n" for line in content.splitlines() if re.match(rb"cpu\d", line))
    if path == "proc/sys/kernel/osrelease" and host:  # those who build kernels like to put it there
        content = re.sub(rb"(?<![A-Za-z0-9])" + re.escape(host) + rb"(?![A-Za-z0-9])", b"host", content)
    content = _SERIAL_LINE.sub(lambda match: match[1] + re.sub(rb"\S", b"0", match[2]), content)
    return _MAC_ADDRESS.sub(b"00:00:00:00:00:00", content)


def _entries(sysfs: Sysfs) -> Iterator[Entry]:
    links: set[str] = set()
    files: set[str] = set()
    for pattern in _ALLOWED:
        for path in _matching(sysfs, pattern):
            yield from _links_above(sysfs, path, links)
            if pattern.startswith("sys/class/tty/"):
                if device := usb_device_above(sysfs, path):
                    for name in ID_ATTRIBUTES:
                        yield from _attribute(sysfs, f"{device}/{name}", files)
            elif not (sysfs.root / path).is_dir():
                yield from _attribute(sysfs, path, files)


def _attribute(sysfs: Sysfs, path: str, done: set[str]) -> Iterator[Entry]:
    try:
        real = sysfs.real_path(path)
    except SysfsError:
        real = path  # by an absolute link, such as /proc/device-tree
    if real in done:
        return
    done.add(real)
    try:
        yield Attribute(path, sysfs.read_bytes(path))
    except SysfsError as error:
        if not error.absent:
            yield FailingRead(path, error.code)


def _links_above(sysfs: Sysfs, path: str, done: set[str]) -> Iterator[Link]:
    """The links on the way to a path that stay below the root, each once."""
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        above = "/".join(parts[:depth])
        target = sysfs.link(above)
        if target is None:
            continue
        if target.startswith("/"):
            return  # what is below it is dumped as if it were here
        real = _real_place(sysfs, parts[:depth])
        if real is not None and real not in done:
            done.add(real)
            yield Link(above, target)


def _real_place(sysfs: Sysfs, parts: list[str]) -> str | None:
    """Where a link itself is, or None if the way there leads out of the root."""
    try:
        return f"{sysfs.real_path('/'.join(parts[:-1]))}/{parts[-1]}"
    except SysfsError:
        return None


def _matching(sysfs: Sysfs, pattern: str) -> list[str]:
    paths = [""]
    for part in pattern.split("/"):
        if "*" in part:
            paths = [
                f"{path}/{name}"
                for path in paths
                for name in sysfs.children(path[1:])
                if fnmatch.fnmatchcase(name, part)
            ]
        else:
            paths = [f"{path}/{part}" for path in paths]
    return [path[1:] for path in paths if sysfs.link(path[1:]) is not None or sysfs.exists(path[1:])]
