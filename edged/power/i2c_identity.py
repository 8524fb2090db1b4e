"""Finds an I2C chip again by controller and address, whatever number the kernel gave it this time.

The kernel reuses hwmon and IIO numbers, lowest first, and swaps them when chips are re-bound. Where a
chip sits stays the same.
"""

from typing import NamedTuple

from edged.board.i2c import client_of
from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs
from edged.power.reading import Rail
from edged.power.sensor import Failure, SensorError


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
        client = client_of(sysfs, f"{directory}/{name}")
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
