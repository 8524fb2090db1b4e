"""Everything that one scrape tells, as it was at one moment. Nothing in it ever changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edged.board.parts import Board
from edged.exposition.build_facts import BuildFacts
from edged.exposition.case_account import CaseAccount
from edged.exposition.reload_state import ReloadState
from edged.inference.model import Model
from edged.inference.zoo import FileFacts, size_bytes
from edged.journal.file import JournalState
from edged.power.reading import Rail, Reading
from edged.sampling.conditions import Conditions
from edged.sampling.rail_account import RailAccount, RailTotals, SensorHealth
from edged.sampling.throttling import ThrottlingTotals
from edged.schedule.state import ScheduleState


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model and its file.

    Attributes:
        model: The model.
        file: Size and checksum of its file; None while there is no file.
    """

    model: Model
    file: FileFacts | None

    @property
    def size_bytes(self) -> int | None:
        """What the model takes: its file's size, or the published one of a paper's model without a file."""
        return size_bytes(self.model, self.file.size_bytes if self.file else None)


@dataclass(frozen=True, slots=True)
class RailState:
    """A rail and its sensor.

    Attributes:
        rail: The rail.
        newest: The newest reading; None while the sensor fails.
        totals: Energy, and time accounted for.
        health: How the sensor does.
    """

    rail: Rail
    newest: Reading | None
    totals: RailTotals
    health: SensorHealth


def rail_state(account: RailAccount) -> RailState:
    """The state of a rail now; from any thread, and without waiting."""
    return RailState(account.rail, account.newest(), account.totals, account.health())


@dataclass(frozen=True, slots=True)
class Moment:
    """One second of the last minutes.

    Attributes:
        at_ns: Monotonic time of the snapshot that it was taken from.
        powers_w: Rails that were read, and their mean power since the moment before, in watts.
        conditions: What the board did last; None before the first sample.
        throttled: CPU clusters that were throttled since the moment before, if only for a part of it.
    """

    at_ns: int
    powers_w: tuple[tuple[str, float], ...]
    conditions: Conditions | None
    throttled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that one scrape tells.

    Attributes:
        at_ns: Monotonic time of the snapshot.
        wall_s: Wall time of the snapshot in Unix seconds.
        build: What runs.
        board: The machine as discovered.
        simulated: Whether the board's sensors are simulated.
        models: The models that are measured.
        cases: What is known of each case.
        conditions: What the board did last; None before the first sample.
        throttling: How much each CPU cluster was throttled.
        rejected_temperatures: Bogus readings so far, by thermal zone.
        time_in_state_ns: Time spent at each frequency in hertz, in nanoseconds, by CPU cluster.
        rails: Rails whose power is measured.
        idle_power_w: The last measured baseline by rail, in watts.
        journal: How the journal does; None without one.
        history: The last minutes, the newest moment last.
        schedule: What is being measured, what comes next, and why it waits.
        clock_steps: How often the wall clock was set by more than a second.
        reload: How the configuration was read last; None where it is read once only.
    """

    at_ns: int
    wall_s: float
    build: BuildFacts
    board: Board
    simulated: bool = False
    models: tuple[ModelFacts, ...] = ()
    cases: tuple[CaseAccount, ...] = ()
    conditions: Conditions | None = None
    throttling: Mapping[str, ThrottlingTotals] = field(default_factory=dict)
    rejected_temperatures: Mapping[str, int] = field(default_factory=dict)
    time_in_state_ns: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    rails: tuple[RailState, ...] = ()
    idle_power_w: Mapping[str, float] = field(default_factory=dict)
    journal: JournalState | None = None
    history: tuple[Moment, ...] = ()
    schedule: ScheduleState = field(default_factory=ScheduleState)
    clock_steps: int = 0
    reload: ReloadState | None = None

    @property
    def power_source(self) -> str:
        """What measures power, such as `ina231` or `ina226+smartpower3`; `none` if nothing does."""
        return "+".join(sorted({state.rail.chip for state in self.rails})) or "none"
