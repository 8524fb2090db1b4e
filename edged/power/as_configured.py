"""The board as the configuration completes it: what it names is no longer missing."""

from collections.abc import Sequence
from dataclasses import replace

from edged.board.parts import Board, SensorChip
from edged.board.power_absences import NO_SENSORS, unknown_rail
from edged.power.settings import MeterConfig, RailConfig


def as_configured(board: Board, rails: Sequence[RailConfig], meters: Sequence[MeterConfig]) -> Board:
    """The board with the names that the configuration gives to the rails of its chips.

    Serial ports of configured meters are no longer guesses, and what the configuration brings is no
    absence of the board's: whether it answers, opening it tells.

    Args:
        board: As discovered.
        rails: The rails of the configuration.
        meters: The meters of the configuration.
    """
    chips = tuple(_named(chip, rails) for chip in board.sensor_chips)
    brought = {unknown_rail(chip) for chip in board.sensor_chips if chip not in chips}
    anything = bool(rails or meters)
    addresses = {meter.address for meter in meters}
    return replace(
        board,
        sensor_chips=chips,
        meter_ports=tuple(port for port in board.meter_ports if port.device not in addresses),
        absences=tuple(
            absence
            for absence in board.absences
            if absence not in brought and not (anything and absence.what == NO_SENSORS)
        ),
    )


def _named(chip: SensorChip, rails: Sequence[RailConfig]) -> SensorChip:
    for rail in rails:
        if rail.means(chip):
            return replace(chip, rail=rail.name, supplies=rail.supplies or chip.supplies)
    return chip
