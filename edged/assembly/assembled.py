"""Builds the parts from a configuration, for this machine or for a simulated board, and sets them going."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from edged.assembly.following import Follower
from edged.assembly.parts import Assembly, DriveMaker, Simulation
from edged.assembly.rails import Rails
from edged.board.discover import discover
from edged.board.hotplug import UdevEvents, udev_events
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
from edged.measurement.judge import Tolerance
from edged.measurement.run import Rig, Settings
from edged.power.open_chips import chip_readers
from edged.power.open_sensors import open_sensors
from edged.sampling.conditions import ConditionsSampler
from edged.sampling.drive import CallbackDrive, ThreadDrive, stop_all
from edged.sampling.gauges import board_gauges
from edged.sampling.throttling import Throttling
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from edged.simulation.observed import ObservedWorkers
from edged.simulation.paced_clock import PacedClock
from edged.simulation.replay import ReplayWorkers
from edged.simulation.truth import true_energy

REPLAY = "replay"


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
                config,
                Path("/"),
                clock,
                ProcessWorkers(clock),
                lambda s: ThreadDrive(s, clock),
                events=udev_events(),
            )
            check_clusters(config, assembly.board)
        else:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="edged-")))
            make = _replaying if config.measure.engine == REPLAY else _observing
            assembly = make(config, simulation, directory, stack)
        stack.callback(stop_all, assembly.drives)
        for drive in assembly.drives:
            drive.start()
        yield assembly


def check_clusters(config: Config, board: Board) -> None:
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
    clock = PacedClock(SystemClock(), simulation.speed) if simulation.speed else VirtualClock()
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


def _assemble(
    config: Config,
    root: Path,
    clock: Clock,
    workers: Workers,
    make_drive: DriveMaker,
    *,
    events: UdevEvents | None = None,
) -> Assembly:
    sysfs = Sysfs(root)
    board = discover(sysfs)
    throttling = Throttling(board)
    conditions = ConditionsSampler(board_gauges(board, sysfs), clock, listeners=[throttling.add])
    sensors = open_sensors(board, config.power.rails(), config.power.meters(), root=root, clock=clock)
    rails = Rails(sensors, clock, make_drive, [conditions])

    def follow(now: Board) -> None:
        conditions.follow(board_gauges(now, sysfs))
        throttling.follow(now)
        found = chip_readers(now, config.power.rails(), root=root, clock=clock)
        rails.come(chip for chip in found if not isinstance(chip, Absence))

    rig = Rig(
        workers=workers,
        conditions=conditions.trace,
        throttling=throttling,
        rails=rails.watches,
        pace=rails.pace,
        clock=clock,
        settings=settings_of(config),
        first_cpus=first_cpus_of(config, board),
    )
    return Assembly(
        sysfs=sysfs,
        models=models_of(config),
        rig=rig,
        make_drive=make_drive,
        drives=rails.drives,
        conditions=conditions,
        accounts=rails.accounts,
        follower=Follower(sysfs, board, clock, follow, events),
        absences=sensors.absences,
    )


def first_cpus_of(config: Config, board: Board) -> dict[str, int]:
    """The CPU to pin to, by CPU cluster, where the configuration chooses one."""
    chosen = {cluster.name: config.cpu_of(cluster.name) for cluster in board.clusters}
    return {name: cpu for name, cpu in chosen.items() if cpu is not None}


def models_of(config: Config) -> tuple[Model, ...]:
    """The models that a configuration has measured: the paper's, and the user's own beside them."""
    precisions = [precision for precision in config.measure.precisions if precision in PRECISIONS]
    return (*mobilenets(config.models.directory, precisions), *config.own_models())


def settings_of(config: Config) -> Settings:
    """What a configuration says of every measurement."""
    measure = config.measure
    return Settings(
        engine=measure.engine,
        delegate=measure.delegate,
        time_limit_s=measure.time_limit_s,
        memory_limit_bytes=measure.memory_limit_mib << 20,
        tolerance=Tolerance(foreign_load_ratio=measure.foreign_load_max_ratio),
        seed=measure.seed,
    )
