"""Opens what a board can measure power with: its chips, the configured meters, its own counters.

Rails come from the board (an XU3 knows its four) or from the configuration; a chip that neither names is
not opened. A chip or meter that does not answer now is kept all the same: its `reopen` finds it later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from edged.board.parts import Absence, Board, PowercapZone
from edged.clock import Clock
from edged.power.open_chips import ChipReader, chip_readers
from edged.power.open_meters import MeterReader, meter_reader
from edged.power.rapl import RaplCounter
from edged.power.reading import Rail
from edged.power.sensor import Chip, Counter, Meter, SensorError
from edged.power.settings import MeterConfig, RailConfig

SensorT = TypeVar("SensorT", bound=Chip | Meter | Counter)


@dataclass(frozen=True, slots=True)
class OpenSensors:
    """What measures power, and what could but does not.

    Attributes:
        chips: Chips that are polled over a bus; those of one `bus` share a thread.
        meters: External meters; each has a thread.
        counters: Counters of energy.
        absences: What does not measure now, why, and what would help.
    """

    chips: tuple[ChipReader, ...] = ()
    meters: tuple[MeterReader, ...] = ()
    counters: tuple[RaplCounter, ...] = ()
    absences: tuple[Absence, ...] = ()

    def __iter__(self) -> Iterator[ChipReader | MeterReader | RaplCounter]:
        """All sensors."""
        yield from self.chips
        yield from self.meters
        yield from self.counters

    def close(self) -> None:
        """Close all sensors."""
        for sensor in self:
            sensor.close()


def open_sensors(
    board: Board,
    rails: Sequence[RailConfig] = (),
    meters: Sequence[MeterConfig] = (),
    *,
    root: Path,
    clock: Clock,
) -> OpenSensors:
    """Open all sensors of a board.

    Args:
        board: What was discovered under `root`.
        rails: Rails of the configuration: external chips, and calibrations of the board's own.
        meters: External meters of the configuration.
        root: Where the machine's file system begins.
        clock: Time stamps.
    """
    opening = _Opening()
    return OpenSensors(
        chips=tuple(opening.keep(chip_readers(board, rails, root=root, clock=clock))),
        meters=tuple(opening.keep(meter_reader(meter, clock=clock) for meter in meters)),
        counters=tuple(opening.keep_readable(_counter(zone, root, clock) for zone in board.powercap_zones)),
        absences=tuple(opening.absences),
    )


def no_answer(error: SensorError) -> Absence:
    """The rail whose sensor failed, as something that is missing."""
    why = f"{error.where} {error.what}" if error.where else error.what
    remedies = (error.remedy,) if error.remedy else ()
    return Absence(f"rail {error.rail.name} by {error.rail.sensor}", why, remedies)


class _Opening:
    """Collects the reasons while sensors are opened, and sees that each rail has one sensor."""

    def __init__(self) -> None:
        self.absences: list[Absence] = []
        self._sensor_of_rail: dict[str, str] = {}

    def keep(self, found: Iterable[SensorT | Absence]) -> Iterator[SensorT]:
        """The sensors, whether they answer now or not."""
        for each in found:
            if isinstance(each, Absence):
                self.absences.append(each)
            elif self._first_of_its_rail(each.rail):
                self._answers(each)
                yield each

    def keep_readable(self, found: Iterable[SensorT]) -> Iterator[SensorT]:
        """The sensors that answer now: what this process may not read now it never may."""
        for each in found:
            if self._first_of_its_rail(each.rail) and self._answers(each):
                yield each

    def _first_of_its_rail(self, rail: Rail) -> bool:
        other = self._sensor_of_rail.setdefault(rail.name, rail.sensor)
        if other == rail.sensor:
            return True
        self.absences.append(
            Absence(
                f"rail {rail.name} by {rail.sensor}",
                f"{other} measures a rail of that name already",
                ("give one of the two another name in edged.toml",),
            )
        )
        return False

    def _answers(self, sensor: Chip | Meter | Counter) -> bool:
        try:
            sensor.reopen()
        except SensorError as error:
            self.absences.append(no_answer(error))
            return False
        return True


def _counter(zone: PowercapZone, root: Path, clock: Clock) -> RaplCounter:
    rail = Rail(name=zone.name, sensor=f"rapl {zone.name}", chip="rapl", address=zone.path)
    return RaplCounter(zone, rail, clock, root=root)
