"""Says that the board's devices may have changed: by the kernel's events, or by looking.

It never says what has changed: events come late, out of order and sometimes not at all, so whoever is told
looks again. A look is cheap: names and places of devices, no attribute of a sensor is read.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from edged.board.optional import real_path_or_none, text_or_none
from edged.board.sysfs import Sysfs

_DIRECTORIES = (
    "sys/class/hwmon",
    "sys/bus/iio/devices",
    "sys/bus/i2c/drivers/INA231",
    "sys/class/thermal",
    "sys/class/powercap",
    "sys/class/tty",
    "sys/devices/system/cpu/cpufreq",
)
_ONLINE = "sys/devices/system/cpu/online"
_SUBSYSTEMS = ("hwmon", "iio", "i2c", "thermal", "powercap", "tty", "cpu")
_MOST_AT_ONCE = 64


def devices_now(sysfs: Sysfs) -> Mapping[str, str]:
    """Where each device that matters hangs now, by its entry; and which CPUs are online."""
    places = {_ONLINE: text_or_none(sysfs, _ONLINE) or ""}
    for directory in _DIRECTORIES:
        for name in sysfs.children(directory):
            # Terminals that are no devices would be the most of all.
            if directory != "sys/class/tty" or name.startswith(("ttyUSB", "ttyACM")):
                entry = f"{directory}/{name}"
                places[entry] = real_path_or_none(sysfs, entry) or ""
    return places


class Monitor(Protocol):
    """What is used of pyudev's."""

    def poll(self, timeout: float | None = None) -> object:
        """The next event; None if none comes in that many seconds."""
        ...


class UdevEvents:
    """The kernel's device events as udev passes them on.

    Args:
        monitor: Of pyudev, started.
    """

    def __init__(self, monitor: Monitor) -> None:
        """Wait for nothing yet."""
        self._monitor = monitor

    def heard(self, wait_s: float) -> bool:
        """Whether anything happened, waiting for it at most `wait_s` seconds.

        Of a flood only some events are taken at a time; what then overflows is lost, and does no harm.
        """
        for taken in range(_MOST_AT_ONCE):
            try:
                event = self._monitor.poll(timeout=0 if taken else wait_s)
            except OSError:
                return True  # more came than the socket holds
            if event is None:
                return taken > 0
        return True


def udev_events() -> UdevEvents | None:
    """The events of this machine; None where there is no pyudev, no libudev or no socket for it."""
    try:
        pyudev = import_module("pyudev")
        monitor = pyudev.Monitor.from_netlink(pyudev.Context(), "udev" if _udev_runs() else "kernel")
        for subsystem in _SUBSYSTEMS:
            monitor.filter_by(subsystem)
        monitor.start()
    except (ImportError, OSError):
        return None
    return UdevEvents(monitor)


def _udev_runs() -> bool:
    """As libudev finds out: without its daemon, only the kernel's own events come."""
    return os.path.exists("/run/udev/control")
