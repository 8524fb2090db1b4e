"""A schedule driven through scripted conditions in virtual time, as the daemon's loop drives it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edged.clock import NS_PER_S
from edged.inference.model import Model
from edged.measurement.protocol import QUICK
from edged.measurement.result import Case
from edged.schedule.options import ScheduleOptions
from edged.schedule.quiet_hours import QuietHours
from edged.schedule.schedule import Schedule
from edged.schedule.seen import Seen
from edged.schedule.workload import Workload
from edged.simulation.clock import VirtualClock

STEP_S = 0.25


def workload(
    name: str,
    cluster: str = "big",
    weight: int = 1,
    every_s: float = 0.0,
    quiet_hours: tuple[QuietHours, ...] = (),
) -> Workload:
    case = Case(Model(name, Path(f"{name}.tflite"), "", "fp32", "random"), cluster)
    return Workload(case, QUICK, weight, every_s, quiet_hours)


@dataclass(frozen=True)
class Ran:
    """A measurement, in seconds of monotonic time and of the wall clock."""

    name: str
    cluster: str
    start_s: float
    end_s: float
    start_wall_s: float


class Driven:
    """The daemon's loop without a daemon."""

    def __init__(self, workloads: Sequence[Workload], options: ScheduleOptions | None = None) -> None:
        self.clock = VirtualClock()
        self.schedule = Schedule(workloads, options or ScheduleOptions(), self.clock)
        self.under_way: list[tuple[Ran, float]] = []
        self.ran: list[Ran] = []
        self.most_at_once = 0

    def drive(
        self, seconds: float, seen: Callable[[float], Seen] = lambda _: Seen(), takes_s: float = 3.0
    ) -> None:
        until_ns = self.clock.monotonic_ns() + round(seconds * NS_PER_S)
        while self.clock.monotonic_ns() < until_ns:
            now_s = self.clock.monotonic_ns() / NS_PER_S
            for ran, end_s in [each for each in self.under_way if each[1] <= now_s]:
                self.under_way.remove((ran, end_s))
                self.ran.append(ran)
                self.schedule.end(f"{ran.name}@{ran.cluster}")
            start = self.schedule.step(seen(now_s))
            if start:
                self.schedule.begin(start)
                case = start.workload.case
                end_s = now_s + min(takes_s, start.limit_s if start.limit_s is not None else takes_s)
                # The loop looks only every quarter of a second, but a worker's limit is its own.
                ran = Ran(case.model.name, case.cpu_cluster, now_s, end_s, self.clock.wall_s())
                self.under_way.append((ran, end_s))
                self.most_at_once = max(self.most_at_once, len(self.under_way))
                continue
            ends_s = [end_s - now_s for _, end_s in self.under_way]
            self.clock.sleep(max(1e-6, min([STEP_S, *ends_s])))

    @property
    def deferred(self) -> dict[str, int]:
        return {reason.value: count for reason, count in self.schedule.state.deferred.items() if count}
