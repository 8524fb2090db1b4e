"""What is to be measured, how and when: all that may change while the daemon runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from edged.assembly.assembled import first_cpus_of, models_of, settings_of
from edged.assembly.parts import Assembly
from edged.board.parts import Board
from edged.config.schedule_section import SWEEP, WorkloadEntry
from edged.config.sections import Config
from edged.inference.model import Model
from edged.measurement.cases import all_cases
from edged.measurement.result import Case
from edged.measurement.run import Settings
from edged.schedule.options import ScheduleOptions
from edged.schedule.quiet_hours import QuietHours
from edged.schedule.workload import Workload

# What a passive trip point of a CPU can be; firmware of PCs has some at -274 and at 200 degrees.
_PLAUSIBLE_TRIPS_C = (40.0, 120.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, how and when.

    Attributes:
        workloads: The cases, each with its protocol and its place in the schedule.
        options: What holds for the whole schedule.
        settings: What holds for every measurement.
        first_cpus: The CPU to pin to, by CPU cluster, where the configuration chooses one.
    """

    workloads: tuple[Workload, ...]
    options: ScheduleOptions = field(default_factory=ScheduleOptions)
    settings: Settings = field(default_factory=Settings)
    first_cpus: Mapping[str, int] = field(default_factory=dict)

    @property
    def cases(self) -> tuple[Case, ...]:
        """What is to be measured."""
        return tuple(workload.case for workload in self.workloads)

    @property
    def models(self) -> tuple[Model, ...]:
        """Their models, each once."""
        return tuple(dict.fromkeys(case.model for case in self.cases))


def plan_of(
    config: Config, assembly: Assembly, choose: Callable[[list[Case]], Sequence[Case]] = list
) -> Plan:
    """The plan of a configuration; it may be another one than that of the assembly.

    Args:
        config: What holds.
        assembly: Whose board is measured on.
        choose: Picks from all cases those that are asked for, on the command line for instance.

    Raises:
        UsageError: If `choose` refuses.
    """
    protocols = config.all_protocols()
    schedule = config.schedule
    workloads = []
    for case in choose(all_cases(models_of(config), assembly.board)):
        held = _overrides(schedule.entries_for(case.model.name, case.cpu_cluster))
        if held.enabled is not False:
            hours = schedule.quiet_hours if held.quiet_hours is None else held.quiet_hours
            workloads.append(
                Workload(
                    case=case,
                    protocol=protocols[held.protocol or config.measure.protocol],
                    weight=1 if schedule.order == SWEEP else held.weight or 1,
                    every_s=held.every_s or 0.0,
                    quiet_hours=tuple(QuietHours.parse(text) for text in hours),
                )
            )
    return Plan(
        workloads=tuple(workloads),
        options=_options(config, assembly.board),
        settings=settings_of(config),
        first_cpus=first_cpus_of(config, assembly.board),
    )


def _overrides(entries: Iterable[WorkloadEntry]) -> WorkloadEntry:
    """What the tables say together: of each key, the last that sets it holds."""
    held = WorkloadEntry()
    for entry in entries:
        held = WorkloadEntry(
            enabled=held.enabled if entry.enabled is None else entry.enabled,
            weight=held.weight if entry.weight is None else entry.weight,
            every_s=held.every_s if entry.every_s is None else entry.every_s,
            protocol=held.protocol if entry.protocol is None else entry.protocol,
            quiet_hours=held.quiet_hours if entry.quiet_hours is None else entry.quiet_hours,
        )
    return held


def _options(config: Config, board: Board) -> ScheduleOptions:
    schedule = config.schedule
    hot_c = schedule.hot_c
    if hot_c is None:
        passive_c = lowest_passive_trip_c(board)
        hot_c = None if passive_c is None else passive_c - schedule.hot_margin_c
    return ScheduleOptions(
        every_s=schedule.every_s,
        at_once=min(schedule.at_once, max(1, len(board.clusters))),
        max_duty_ratio=schedule.max_duty_ratio,
        duty_window_s=schedule.duty_window_s,
        hot_c=hot_c,
        hot_hysteresis_c=schedule.hot_hysteresis_c,
        busy_cpus=schedule.busy_cpus,
        busy_until_cpus=schedule.busy_until_cpus,
        busy_s=schedule.busy_s,
        throttled_clear_s=schedule.throttled_clear_s,
    )


def lowest_passive_trip_c(board: Board) -> float | None:
    """The temperature at which the kernel first slows something down; None without such a trip point."""
    low_c, high_c = _PLAUSIBLE_TRIPS_C
    trips = [trip for zone in board.thermal_zones for trip in zone.trips if trip.action == "passive"]
    return min((t.temperature_c for t in trips if low_c <= t.temperature_c <= high_c), default=None)
