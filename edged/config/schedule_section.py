"""`[schedule]`: when cases are measured, and when they must wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from edged.config.option import option, shorten
from edged.schedule.quiet_hours import QuietHours

ORDERS = ("sweep", "weights")
SWEEP = "sweep"


def _quiet_complaint(hours: Sequence[str] | None) -> str | None:
    for text in hours or ():
        try:
            QuietHours.parse(text)
        except ValueError as error:
            return f'has "{shorten(text)}", which {error}'
    return None


def _pattern_complaint(pattern: str) -> str | None:
    return None if pattern else "is empty, so that it would match nothing"


@dataclass(frozen=True, slots=True)
class WorkloadEntry:
    """`[[schedule.workload]]`: what is different for some cases; of each key, the last that sets it holds."""

    model: str = option(
        "The models it is for, with * and ? as in a shell", default="*", complaint_about=_pattern_complaint
    )
    cluster: str = option(
        "The CPU clusters it is for, with * and ?", default="*", complaint_about=_pattern_complaint
    )
    enabled: bool | None = option("Whether they are measured at all; without it they are", default=None)
    weight: int | None = option(
        "How often they have their turn, against the others, which have 1; for order = weights",
        default=None,
        at_least=1,
        at_most=1_000,
    )
    every_s: float | None = option(
        "Time from one start of such a case to its next",
        default=None,
        unit="s",
        at_least=0,
        at_most=31_622_400,
    )
    protocol: str | None = option("Their protocol: paper, burst, quick or an own one", default=None)
    quiet_hours: tuple[str, ...] | None = option(
        "Their own quiet hours, instead of those of [schedule]",
        default=None,
        complaint_about=_quiet_complaint,
    )

    def matches(self, model: str, cluster: str) -> bool:
        """Whether it is for that model on that CPU cluster."""
        return fnmatchcase(model, self.model) and fnmatchcase(cluster, self.cluster)


@dataclass(frozen=True, slots=True)
class ScheduleSection:
    """`[schedule]`: when cases are measured, and when they must wait."""

    order: str = option(
        "sweep takes all cases in turn, weights takes some of them more often",
        default=SWEEP,
        choices=ORDERS,
    )
    every_s: float = option(
        "Time from one measurement's start to the next one's; 0 for one right after the other",
        default=0.0,
        unit="s",
        at_least=0,
        at_most=31_622_400,
    )
    at_once: int = option(
        "Most measurements at once, each on a CPU cluster of its own; above 1 no energy is measured",
        default=1,
        at_least=1,
        at_most=16,
    )
    max_duty_ratio: float = option(
        "Most share of the time that a CPU cluster may be used; 1 for no limit",
        default=1.0,
        above=0,
        at_most=1,
    )
    duty_window_s: float = option(
        "Time over which max_duty_ratio holds", default=3_600.0, unit="s", at_least=60, at_most=604_800
    )
    quiet_hours: tuple[str, ...] = option(
        'Times of the day without measurements, such as ["22:00-06:30"]',
        default=(),
        complaint_about=_quiet_complaint,
    )
    hot_c: float | None = option(
        "Temperature above which nothing begins; without it hot_margin_c below the lowest passive trip point",
        default=None,
        unit="degrees Celsius",
        at_least=-50,
        at_most=200,
    )
    hot_margin_c: float = option(
        "How far below the kernel's lowest passive trip point it is too hot",
        default=1.0,
        unit="degrees Celsius",
        at_least=0,
        at_most=50,
    )
    hot_hysteresis_c: float = option(
        "How far it must cool below that before measuring goes on",
        default=5.0,
        unit="degrees Celsius",
        at_least=0,
        at_most=100,
    )
    busy_cpus: float = option(
        "Nothing begins while others use more CPUs than this", default=1.0, above=0, at_most=4_096
    )
    busy_until_cpus: float = option(
        "Measuring goes on when others use fewer CPUs than this", default=0.5, above=0, at_most=4_096
    )
    busy_s: float = option(
        "For how long each of the two must be so", default=5.0, unit="s", at_least=0, at_most=3_600
    )
    throttled_clear_s: float = option(
        "For how long a CPU cluster must not have been throttled before it is measured on",
        default=10.0,
        unit="s",
        at_least=0,
        at_most=3_600,
    )
    workload: tuple[WorkloadEntry, ...] = ()

    def entries_for(self, model: str, cluster: str) -> Iterator[WorkloadEntry]:
        """The tables that match a case, in their order."""
        return (entry for entry in self.workload if entry.matches(model, cluster))
