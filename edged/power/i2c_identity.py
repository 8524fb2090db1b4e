"""Finds an I2C chip again by controller and address, whatever number the kernel gave it this time.

The kernel reuses hwmon and IIO numbers, lowest first, and swaps them when chips are re-bound. Where a
chip sits stays the same: the real path of its device ends in `12c60000.i2c/i2c-0/0-0040`.
"""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs, SysfsError
from edged.power.reading import Rail
from edged.power.sensor import Failure, SensorError

_CLIENT = re.compile(r"([0-9]{1,3})-([0-9a-f]{4})")
_ADAPTER = re.compile(r"i2c-[0-9]{1,3}")


class Place(NamedTuple):
    """Where the kernel shows a chip now.

    Attributes:
        path: Directory with its attributes, relative to the root.
        bus: Number of its I2C adapter.
    """

    path: str
    bus: int


def find_chip(sysfs: Sysfs, chip: SensorChip, rail: Rail, *, directory: str) -> Place:
    """The entry of `directory` that belongs to the chip.

    Where several chips sit at the same address behind one multiplexer, the one with the known adapter
    number is taken.

    Args:
        sysfs: The attributes below the root.
        chip: The chip as it was discovered.
        rail: The rail that failures are told about.
        directory: Where a driver lists its chips: `sys/class/hwmon` or `sys/bus/iio/devices`.

    Raises:
        SensorError: `GONE` if no entry belongs to it.
    """
    candidates = {}
    for name in sysfs.children(directory):
        client = _client_of(sysfs, f"{directory}/{name}")
        if client is None:
            continue
        controller, bus, address = client
        if (controller, address) == (chip.controller, chip.address) and (controller or bus == chip.bus):
            candidates[bus] = Place(f"{directory}/{name}", bus)
    if chip.bus in candidates:
        return candidates[chip.bus]
    if len(candidates) == 1:
        return next(iter(candidates.values()))
    raise SensorError(
        rail,
        Failure.GONE,
        f"no {chip.chip} at I2C address {chip.address:#04x} of {chip.controller or f'i2c-{chip.bus}'}",
        where=f"/{directory}",
    )


def _client_of(sysfs: Sysfs, path: str) -> tuple[str, int, int] | None:
    """Controller, adapter number and address of the I2C client that an entry belongs to.

    The controller is what the adapter hangs on; "" for an adapter without a parent, such as `i2c-stub`'s.
    """
    for real in (f"{path}/device", path):
        try:
            parts = ("", *PurePosixPath(sysfs.real_path(real)).parts)
        except SysfsError:
            continue
        for depth in range(len(parts) - 1, 1, -1):
            match = _CLIENT.fullmatch(parts[depth])
            if match and _ADAPTER.fullmatch(parts[depth - 1]):
                controller = parts[depth - 2]
                return "" if controller == "devices" else controller, int(match[1]), int(match[2], 16)
    return None
