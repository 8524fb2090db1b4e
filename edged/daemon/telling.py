"""Tells the log what happens: measurements as they finish, and what changes on the board.

`Teller` is told of measurements, and looks at everything else once a second; between two looks only what
lasts is seen. What the log gets is what a person would want to be told: changes, not states.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from edged.clock import NS_PER_S, Clock
from edged.events import (
    CLOCK_STEPPED,
    DEFERRED,
    MEASURED,
    REJECTED,
    SENSOR_BACK,
    SENSOR_LOST,
    THROTTLING_BEGAN,
    THROTTLING_ENDED,
)
from edged.inference.job import Event
from edged.measurement.result import Measurement
from edged.measurement.run import Run
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import ThrottlingTotals
from edged.schedule.state import Deferral, ScheduleState

_LOG = logging.getLogger(__name__)
_STEP_NS = NS_PER_S
# Time servers slew what is less; a second is also what two looks may be apart.
_CLOCK_STEP_S = 2.0


class Teller:
    """A `Sampler` and a sweep's `Watcher`.

    Args:
        rails: Whose sensors come and go.
        throttling: Gives how much each CPU cluster was throttled.
        schedule: Gives what the schedule is doing.
        clock: Where time comes from.
    """

    name = "log"

    def __init__(
        self,
        rails: Sequence[RailAccount],
        throttling: Callable[[], Mapping[str, ThrottlingTotals]],
        schedule: Callable[[], ScheduleState],
        clock: Clock,
    ) -> None:
        """Take what holds now as known."""
        self._rails = rails
        self._throttling = throttling
        self._schedule = schedule
        self._clock = clock
        # A sensor is lost only after it has been there.
        self._up = {account.rail.name: False for account in self._rails}
        self._lost: set[str] = set()
        self._throttled: dict[str, ThrottlingTotals] = dict(throttling())
        self._deferral: Deferral | None = None
        self._wall_ahead_s = self._wall_ahead()

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """What is under way is in the status, not in the log."""

    def finished(self, measurement: Measurement) -> None:
        """Tell of a measurement, and of everything that speaks against it."""
        case, verdict = measurement.case, measurement.verdict
        fields = {
            "EDGED_CASE": str(case),
            "EDGED_MODEL": case.model.name,
            "EDGED_CPU_CLUSTER": case.cpu_cluster,
            "EDGED_VERDICT": str(verdict),
        }
        if verdict.valid:
            MEASURED.tell(_LOG, f"{case}: {_figures(measurement)}", **fields)
            return
        why = "; ".join(f"{each.reason}: {each.detail}" for each in verdict.rejections)
        reasons = " ".join(verdict.reasons)
        REJECTED.tell(_LOG, f"{case}: rejected: {why}", **fields, EDGED_REASONS=reasons)

    def step(self) -> int:
        """Tell what has changed since the last step.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        self._tell_sensors()
        self._tell_throttling()
        self._tell_deferral()
        self._tell_clock()
        return self._clock.monotonic_ns() + _STEP_NS

    def close(self) -> None:
        """Nothing is open."""

    def _tell_sensors(self) -> None:
        for account in self._rails:
            name, health = account.rail.name, account.health()
            fields = {"EDGED_RAIL": name, "EDGED_SENSOR": health.sensor}
            if self._up.get(name, False) and not health.up:
                self._lost.add(name)
                SENSOR_LOST.tell(_LOG, f"the sensor of rail {name} fails: {health.last_failure}", **fields)
            elif health.up and name in self._lost:
                self._lost.discard(name)
                SENSOR_BACK.tell(_LOG, f"the sensor of rail {name} answers again", **fields)
            self._up[name] = health.up

    def _tell_throttling(self) -> None:
        for cluster, totals in self._throttling().items():
            before = self._throttled.get(cluster, ThrottlingTotals())
            field = {"EDGED_CPU_CLUSTER": cluster}
            if totals.throttled and not before.throttled:
                THROTTLING_BEGAN.tell(_LOG, f"CPU cluster {cluster} is being throttled", **field)
                # What was throttled since the last look is a part of it.
                self._throttled[cluster] = replace(before, throttled=True)
            elif not totals.throttled:
                if before.throttled:
                    seconds = (totals.throttled_ns - before.throttled_ns) / NS_PER_S
                    THROTTLING_ENDED.tell(
                        _LOG, f"CPU cluster {cluster} is no longer throttled, after {seconds:.1f} s", **field
                    )
                self._throttled[cluster] = totals

    def _tell_deferral(self) -> None:
        state = self._schedule()
        deferral, before = state.deferral, self._deferral
        if deferral and (before is None or deferral.reason != before.reason):
            case = str(state.next_case or "")
            DEFERRED.tell(
                _LOG,
                f"the next measurement waits: {deferral.words}",
                EDGED_CASE=case,
                EDGED_REASON=deferral.reason,
            )
        self._deferral = deferral

    def _tell_clock(self) -> None:
        ahead_s = self._wall_ahead()
        step_s = ahead_s - self._wall_ahead_s
        if abs(step_s) >= _CLOCK_STEP_S:
            way = "forward" if step_s > 0 else "back"
            CLOCK_STEPPED.tell(
                _LOG, f"the wall clock went {way} by {abs(step_s):.0f} s", EDGED_STEP_SECONDS=f"{step_s:.3f}"
            )
        self._wall_ahead_s = ahead_s

    def _wall_ahead(self) -> float:
        return self._clock.wall_s() - self._clock.monotonic_ns() / NS_PER_S


def _figures(measurement: Measurement) -> str:
    told = []
    if measurement.latency:
        told.append(f"{measurement.latency.mean_s * 1e3:.3f} ms")
    for rail, energy in measurement.rails.items():
        told.append(f"{rail} {energy.net_energy_j.value * 1e3:.3f} mJ")
    return ", ".join(told) or "finished"
