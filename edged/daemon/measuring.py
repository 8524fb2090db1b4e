"""The loop that runs what the schedule gives: a step at a time, a quarter of a second at most.

```
 take(plan) ──▶ ┌──────────────────────── step() ─────────────────────────┐
                │ runs under way get on ──▶ schedule ──▶ a run begins, or  │──▶ state, for any thread
                └──────────────────────────────────── a moment's wait ─────┘
```
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from edged.assembly.parts import Assembly
from edged.daemon.plan import Plan
from edged.inference.model import Model
from edged.measurement.run import Rig, Run
from edged.measurement.sweep import Watcher
from edged.schedule.schedule import Schedule, Start
from edged.schedule.seen import Seen, look
from edged.schedule.state import ScheduleState

_STEP_S = 0.25
NO_ENERGY = "more than one measurement at once: their supplies and heat are shared, so no energy is measured"


@dataclass(frozen=True, slots=True)
class _UnderWay:
    start: Start
    run: Run


class Measuring:
    """Measures what a plan asks for. One thread steps; any thread may give a new plan or ask.

    Args:
        assembly: What measuring takes.
        plan: What to measure at first.
        last: Name of the case that was measured last in an earlier life; "" for none.
        on_plan: Called with each new plan when it begins to hold, in the thread that steps.
        on_model: Called with the model of each run just before it begins.
    """

    def __init__(
        self,
        assembly: Assembly,
        plan: Plan,
        *,
        last: str = "",
        on_plan: Callable[[Plan], None] = lambda _: None,
        on_model: Callable[[Model], None] = lambda _: None,
    ) -> None:
        """Begin with nothing under way."""
        self._assembly = assembly
        self._clock = assembly.clock
        self._on_plan = on_plan
        self._on_model = on_model
        self._plan = plan
        self._new_plan: Plan | None = None
        self._schedule = Schedule(plan.workloads, plan.options, assembly.clock, last)
        self._under_way: list[_UnderWay] = []
        self._left: list[tuple[tuple[int, ...], int]] = []
        self._fast = False

    @property
    def state(self) -> ScheduleState:
        """What the schedule is doing; from any thread, and without waiting."""
        state = self._schedule.state
        return replace(state, notes=(NO_ENERGY,)) if self._plan.options.at_once > 1 else state

    def take(self, plan: Plan) -> None:
        """Go on with another plan once no measurement is under way.

        From any thread, and from a signal handler: it only sets an attribute. A wait for a slot ends within
        a quarter of a second; a measurement under way is finished first.
        """
        self._new_plan = plan

    def step(self, watchers: Sequence[Watcher]) -> None:
        """Let runs get on, begin one if its time has come, or wait a moment: 0.25 s at most.

        Args:
            watchers: Who is told of runs and measurements, in this order.
        """
        self._get_on(watchers)
        if self._new_plan is None:
            start = self._schedule.step(self._seen())
            if start:
                self._begin(start)
                return
        elif not self._under_way:
            self._change()
            return
        self._set_pace()
        if not self._under_way:
            self._clock.sleep(_STEP_S)

    def close(self) -> None:
        """End what is under way; it has no measurement."""
        for each in self._under_way:
            each.run.close()
        self._under_way.clear()
        self._set_pace()

    def _change(self) -> None:
        plan, self._new_plan = self._new_plan, None
        assert plan is not None  # noqa: S101 - the caller has looked
        self._schedule.take(plan.workloads, plan.options)
        self._plan = plan
        self._on_plan(plan)

    def _begin(self, start: Start) -> None:
        self._schedule.begin(start)
        workload = start.workload
        cluster = self._assembly.board.cluster(workload.case.cpu_cluster)
        self._on_model(workload.case.model)
        if not self._fast:
            self._assembly.rig.pace.begin_fast()
            self._fast = True
        run = Run(workload.case, cluster, workload.protocol, self._rig(start))
        self._under_way.append(_UnderWay(start, run))

    def _rig(self, start: Start) -> Rig:
        plan, rig = self._plan, self._assembly.rig
        limit_s = plan.settings.time_limit_s
        if start.limit_s is not None:
            limit_s = min(limit_s, start.limit_s)
        cluster = self._assembly.board.cluster(start.workload.case.cpu_cluster)
        # A chosen CPU that is offline now: another one of the cluster does its work.
        first_cpus = {name: cpu for name, cpu in plan.first_cpus.items() if cpu in cluster.cpus}
        return replace(
            rig,
            settings=replace(plan.settings, time_limit_s=limit_s),
            first_cpus=first_cpus,
            rails=rig.rails if plan.options.at_once == 1 else (),
        )

    def _get_on(self, watchers: Sequence[Watcher]) -> None:
        for each in tuple(self._under_way):
            events = each.run.step(_STEP_S / len(self._under_way))
            for watcher in watchers:
                watcher.running(each.run, events)
            if each.run.over:
                self._finish(each, watchers)

    def _finish(self, each: _UnderWay, watchers: Sequence[Watcher]) -> None:
        self._under_way.remove(each)
        try:
            measurement = each.run.measurement()
        finally:
            each.run.close()
            self._left.append((each.run.cpus, self._clock.monotonic_ns()))
            self._schedule.end(each.start.workload.name)
        for watcher in watchers:
            watcher.finished(measurement)

    def _seen(self) -> Seen:
        rig, now_ns = self._assembly.rig, self._clock.monotonic_ns()
        newest = rig.conditions.newest()
        # The newest sample may still show the work of a run that has ended since it began.
        self._left = [(cpus, end_ns) for cpus, end_ns in self._left if newest and end_ns > newest.start_ns]
        own = [*(cpus for cpus, _ in self._left), *(each.run.cpus for each in self._under_way)]
        return look(newest, rig.throttling.totals, own, now_ns)

    def _set_pace(self) -> None:
        """Sample slowly while nothing is under way; between two runs that follow each other it stays fast."""
        if self._fast and not self._under_way:
            self._assembly.rig.pace.end_fast()
            self._fast = False
