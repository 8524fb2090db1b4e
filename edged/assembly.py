"""Builds the parts from a configuration, for this machine or for a simulated board, and sets them going."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from edged.board.discover import discover
from edged.board.parts import Absence, Board
from edged.board.sysfs import Sysfs
from edged.clock import Clock, SystemClock
from edged.config.sections import Config
from edged.errors import not_among
from edged.inference.job import Workers
from edged.inference.model import Model
from edged.inference.placement import place
from edged.inference.processes import ProcessWorkers
from edged.inference.zoo import PRECISIONS, mobilenets
from edged.measurement.cases import all_cases
from edged.measurement.judge import Tolerance
from edged.measurement.rails import RailWatch
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Rig, Settings
from edged.measurement.sensor_facts import ALTERNATING_PAIR_NS
from edged.power.open_sensors import OpenSensors, open_sensors
from edged.power.reading import Rail
from edged.power.vendor_ina231 import VendorIna231
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.conditions import ConditionsSampler
from edged.sampling.counter import CounterSampler
from edged.sampling.drive import CallbackDrive, Drive, Pace, ThreadDrive
from edged.sampling.gauges import board_gauges
from edged.sampling.meter import MeterSampler
from edged.sampling.rail_account import RailAccount
from edged.sampling.sampler import Sampler
from edged.sampling.throttling import Throttling
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from edged.simulation.observed import ObservedWorkers
from edged.simulation.replay import ReplayWorkers
from edged.simulation.scenario import Scenario
from edged.simulation.truth import TrueRailEnergy, true_energy

REPLAY = "replay"
# The vendor's driver hands out its last value for ever when the bus fails.
_VENDOR_FROZEN_AFTER_S = 60.0

Truth = Callable[[Measurement], Mapping[str, TrueRailEnergy]]
DriveMaker = Callable[[Sampler], Drive]


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated board instead of this one.

    Attributes:
        kind: `xu3` or `xu4`.
        seed: Makes it repeatable.
        scenario: What the board is put through.
    """

    kind: str
    seed: int = 0
    scenario: Scenario = field(default_factory=Scenario)


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything that measuring takes.

    Attributes:
        board: The machine as discovered.
        sysfs: Where its attributes are.
        models: What can be measured.
        rig: What measurements run on.
        make_drive: Makes what calls the steps of a sampler, in the time of all parts.
        drives: What calls the samplers.
        conditions: The sampler of the board's state.
        accounts: Rails whose power is sampled.
        absences: Power sensors that could be read and are not, and why.
        simulation: What is simulated, for people; "" on a real board.
        simulated_as: The same in a word, such as "xu3-replay"; "" on a real board.
        truth: What a measurement should have found; None on a real board.
    """

    board: Board
    sysfs: Sysfs
    models: tuple[Model, ...]
    rig: Rig
    make_drive: DriveMaker
    drives: tuple[Drive, ...]
    conditions: ConditionsSampler
    accounts: tuple[RailAccount, ...]
    absences: tuple[Absence, ...]
    simulation: str = ""
    simulated_as: str = ""
    truth: Truth | None = None

    @property
    def clock(self) -> Clock:
        """The time of all parts."""
        return self.rig.clock

    @property
    def cases(self) -> list[Case]:
        """Every model on every CPU cluster."""
        return all_cases(self.models, self.board)


def measures_power(config: Config) -> bool:
    """Whether this machine has power sensors, its own or configured ones."""
    board = discover(Sysfs())
    sensors = open_sensors(
        board, config.power.rails(), config.power.meters(), root=Path("/"), clock=SystemClock()
    )
    sensors.close()
    return any(sensors)


@contextmanager
def assembled(config: Config, simulation: Simulation | None = None) -> Iterator[Assembly]:
    """The parts, with the samplers running; all ended when the context is left.

    Args:
        config: What holds.
        simulation: A simulated board instead of this machine.

    Raises:
        UsageError: If the configuration names what this machine has not.
    """
    with ExitStack() as stack:
        if simulation is None:
            clock = SystemClock()
            assembly = _assemble(
                config, Path("/"), clock, ProcessWorkers(clock), lambda s: ThreadDrive(s, clock)
            )
            _check_clusters(config, assembly.board)
        else:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="edged-")))
            make = _replaying if config.measure.engine == REPLAY else _observing
            assembly = make(config, simulation, directory, stack)
        for drive in assembly.drives:
            drive.start()
            stack.callback(drive.stop)
        yield assembly


def _check_clusters(config: Config, board: Board) -> None:
    """The configuration is written for this machine: each `[clusters.NAME]` must be one of its own.

    Raises:
        UsageError: If it names a CPU cluster or a CPU that is not there.
    """
    known = {cluster.name: cluster for cluster in board.clusters}
    for name in config.clusters:
        if name not in known:
            raise not_among(known, "CPU cluster", name)
        place(known[name], 1, config.cpu_of(name))


def _replaying(config: Config, simulation: Simulation, directory: Path, stack: ExitStack) -> Assembly:
    """Table II's latencies in virtual time."""
    clock = VirtualClock()
    board = SimulatedBoard(
        simulation.kind, directory, clock, seed=simulation.seed, scenario=simulation.scenario
    )
    stack.callback(board.close)
    assembly = _assemble(
        config,
        directory,
        clock,
        ReplayWorkers(board, clock),
        lambda sampler: CallbackDrive(sampler, clock, clock.call_at),
    )
    what = f"simulated {board.kind.name}, replaying the paper's latencies"
    return _simulated(assembly, board, what, f"{board.kind.name}-{REPLAY}")


def _observing(config: Config, simulation: Simulation, directory: Path, stack: ExitStack) -> Assembly:
    """Simulated sensors round real inference, in real time."""
    clock = SystemClock()
    board = SimulatedBoard(
        simulation.kind,
        directory,
        VirtualClock(clock.monotonic_ns(), clock.wall_s()),
        seed=simulation.seed,
        scenario=simulation.scenario,
    )
    stack.callback(board.close)
    workers = ObservedWorkers(board, ProcessWorkers(clock), sorted(os.sched_getaffinity(0)))
    stack.callback(workers.close)
    assembly = _assemble(config, directory, clock, workers, lambda s: ThreadDrive(s, clock))
    what = f"simulated sensors of an {board.kind.name} round real inference"
    return _simulated(assembly, board, what, board.kind.name)


def _simulated(assembly: Assembly, board: SimulatedBoard, what: str, name: str) -> Assembly:
    return replace(
        assembly,
        simulation=what,
        simulated_as=name,
        truth=lambda measurement: true_energy(board, measurement),
    )


def _assemble(config: Config, root: Path, clock: Clock, workers: Workers, make_drive: DriveMaker) -> Assembly:
    sysfs = Sysfs(root)
    board = discover(sysfs)
    throttling = Throttling(board)
    conditions = ConditionsSampler(board_gauges(board, sysfs), clock, listeners=[throttling.add])
    sensors = open_sensors(board, config.power.rails(), config.power.meters(), root=root, clock=clock)
    samplers, watches = _power(sensors, clock)
    drives = tuple(make_drive(sampler) for sampler in (conditions, *samplers))
    chosen = {cluster.name: config.cpu_of(cluster.name) for cluster in board.clusters}
    rig = Rig(
        workers=workers,
        conditions=conditions.trace,
        throttling=throttling,
        rails=tuple(watches),
        pace=Pace(drives),
        clock=clock,
        settings=_settings(config),
        first_cpus={name: cpu for name, cpu in chosen.items() if cpu is not None},
    )
    return Assembly(
        board=board,
        sysfs=sysfs,
        models=_models(config),
        rig=rig,
        make_drive=make_drive,
        drives=drives,
        conditions=conditions,
        accounts=tuple(watch.account for watch in watches),
        absences=sensors.absences,
    )


def _power(sensors: OpenSensors, clock: Clock) -> tuple[list[Sampler], list[RailWatch]]:
    """A sampler for each bus and each meter, and a watch for each rail."""
    now_ns = clock.monotonic_ns()
    samplers: list[Sampler] = []
    watches = []

    def account_of(rail: Rail) -> RailAccount:
        return RailAccount(rail, now_ns)

    for bus, chips in groupby(sorted(sensors.chips, key=lambda chip: chip.bus), key=lambda chip: chip.bus):
        channels = []
        for chip in chips:
            frozen_after_s = _VENDOR_FROZEN_AFTER_S if isinstance(chip, VendorIna231) else None
            channel = ChipChannel(chip, account_of(chip.rail), clock, frozen_after_s=frozen_after_s)
            channels.append(channel)
            watches.append(RailWatch(channel.account, chip.accuracy(), ALTERNATING_PAIR_NS))
        samplers.append(BusSampler(bus, channels))
    for meter in sensors.meters:
        account = account_of(meter.rail)
        samplers.append(MeterSampler(meter, account, clock))
        watches.append(RailWatch(account, meter.accuracy(), 0))
    for counter in sensors.counters:
        account = account_of(counter.rail)
        samplers.append(CounterSampler(counter, account, clock))
        watches.append(RailWatch(account, counter.accuracy(), 0))
    return samplers, watches


def _models(config: Config) -> tuple[Model, ...]:
    precisions = [precision for precision in config.measure.precisions if precision in PRECISIONS]
    return (*mobilenets(config.models.directory, precisions), *config.own_models())


def _settings(config: Config) -> Settings:
    measure = config.measure
    return Settings(
        engine=measure.engine,
        delegate=measure.delegate,
        time_limit_s=measure.time_limit_s,
        memory_limit_bytes=measure.memory_limit_mib << 20,
        tolerance=Tolerance(foreign_load_ratio=measure.foreign_load_max_ratio),
        seed=measure.seed,
    )
