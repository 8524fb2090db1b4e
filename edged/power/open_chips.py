"""Opens the INA2xx of a board, on the rails that the board or the configuration names."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from edged.board.parts import Absence, Board, SensorChip
from edged.board.power_absences import unknown_rail
from edged.clock import Clock
from edged.power.chip_facts import CHIPS
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.hwmon_ina2xx import HwmonIna2xx
from edged.power.iio_ina2xx import IioIna2xx
from edged.power.reading import Rail
from edged.power.settings import RailConfig
from edged.power.vendor_ina231 import VendorIna231

ChipReader = HwmonIna2xx | IioIna2xx | VendorIna231
_READERS: dict[str, type[ChipReader]] = {"hwmon": HwmonIna2xx, "iio": IioIna2xx, "vendor": VendorIna231}


def chip_readers(
    board: Board, rails: Sequence[RailConfig], *, root: Path, clock: Clock
) -> Iterator[ChipReader | Absence]:
    """A reader for each chip whose rail is known, not yet opened; a reason for each other one.

    Args:
        board: What was discovered.
        rails: The rails of the configuration.
        root: Where the machine's file system begins.
        clock: Time stamps of the samples.
    """
    for chip in board.sensor_chips:
        yield _reader(chip, next((rail for rail in rails if rail.means(chip)), None), root, clock)
    for rail in rails:
        if not any(rail.means(chip) for chip in board.sensor_chips):
            yield _without_chip(rail)


def _reader(chip: SensorChip, config: RailConfig | None, root: Path, clock: Clock) -> ChipReader | Absence:
    place = f"{_i2c(chip)} {chip.address:#04x}"
    name = config.name if config else chip.rail
    if name is None:
        return unknown_rail(chip)
    if chip.chip not in CHIPS or chip.driver not in _READERS:
        return Absence(
            f"rail {name} by {chip.chip} at {place}",
            f"edged does not know this chip, only {', '.join(CHIPS)}",
        )
    rail = Rail(
        name=name,
        sensor=f"{chip.chip} {place}",
        chip=chip.chip,
        address=f"{chip.address:#04x}",
        supplies=(config.supplies if config else "") or chip.supplies,
    )
    correction = NO_CORRECTION
    if config is not None:
        correction = Correction(config.shunt_uohm, config.shunt_tolerance_ratio, config.gain)
    return _READERS[chip.driver](chip, rail, clock, root=root, correction=correction)


def _i2c(chip: SensorChip) -> str:
    """What stays the same from boot to boot, where the kernel tells it."""
    return chip.controller or f"i2c-{chip.bus}"


def _without_chip(rail: RailConfig) -> Absence:
    return Absence(
        f"rail {rail.name}",
        f"edged.toml has it at {rail.i2c} {rail.address:#04x}, where the kernel shows no sensor",
        (
            "check controller and address with i2cdetect",
            f"as root: echo ina226 {rail.address:#04x} > /sys/bus/i2c/devices/i2c-N/new_device",
        ),
    )
