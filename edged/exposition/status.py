"""What edged is doing, for people: the schedule, the last results, what fails. One dictionary for JSON."""

from collections.abc import Mapping
from typing import Any

from edged.clock import NS_PER_S
from edged.exposition.case_account import CASE_LABELS, CaseAccount, case_labels
from edged.exposition.snapshot import RailState, Snapshot
from edged.measurement.result import Case, Measurement
from edged.schedule.state import ScheduleState


def status_of(snapshot: Snapshot) -> dict[str, Any]:
    """The status at the moment of a snapshot. Times are in seconds before or after it; nothing is NaN."""
    return {
        "edged_version": snapshot.build.version,
        "board": snapshot.board.identity.model,
        "simulated": snapshot.simulated,
        **_schedule(snapshot.schedule, snapshot.at_ns),
        "notes": _notes(snapshot),
        "duty_ratios": dict(snapshot.schedule.duty_ratios),
        "deferred": {reason.value: count for reason, count in snapshot.schedule.deferred.items()},
        "results": [_result(account, snapshot.wall_s) for account in snapshot.cases],
        "sensors": [_sensor(state) for state in snapshot.rails],
        "throttling": {
            cluster: {
                "throttled": totals.throttled,
                "seconds": totals.throttled_ns / NS_PER_S,
                "events": totals.events,
            }
            for cluster, totals in snapshot.throttling.items()
        },
        "temperature_c": snapshot.conditions.hottest_c if snapshot.conditions else None,
        "journal": {"bytes": snapshot.journal.size_bytes, "failures": snapshot.journal.failures}
        if snapshot.journal
        else None,
        "clock_steps": snapshot.clock_steps,
    }


def _schedule(state: ScheduleState, at_ns: int) -> dict[str, Any]:
    def since_s(then_ns: int) -> float:
        return max(0.0, (at_ns - then_ns) / NS_PER_S)

    next_s = None if state.next_ns is None else max(0.0, (state.next_ns - at_ns) / NS_PER_S)
    waiting = state.deferral
    return {
        "running": [
            {**_case(each.case), "protocol": each.protocol, "for_s": since_s(each.since_ns)}
            for each in state.running
        ],
        "next": {**_case(state.next_case), "in_s": next_s} if state.next_case else None,
        "waiting": {
            "reason": waiting.reason.value,
            "words": waiting.words,
            "for_s": since_s(waiting.since_ns),
        }
        if waiting
        else None,
    }


def _notes(snapshot: Snapshot) -> list[str]:
    of_configuration = snapshot.reload.note if snapshot.reload else ""
    return [*snapshot.schedule.notes, *filter(None, [of_configuration])]


def _case(case: Case) -> Mapping[str, str]:
    return dict(zip(CASE_LABELS, case_labels(case), strict=True))


def _result(account: CaseAccount, wall_s: float) -> dict[str, Any]:
    result, last = account.last_valid, account.last
    return {
        **dict(zip(CASE_LABELS, account.labels, strict=True)),
        "valid": account.valid,
        "rejected": {reason.value: count for reason, count in account.rejected.items() if count},
        "latency_s": _latency_s(result),
        "net_energy_j": {
            rail: {"value": energy.net_energy_j.value, "u95": energy.net_energy_j.u95}
            for rail, energy in (result.rails if result else {}).items()
        },
        "age_s": _age_s(result, wall_s),
        "last_verdict": str(last.verdict) if last else None,
        "last_rejections": [f"{each.reason}: {each.detail}" for each in last.verdict.rejections]
        if last
        else [],
    }


def _latency_s(result: Measurement | None) -> dict[str, float | None] | None:
    latency = result.latency if result else None
    return {"value": latency.mean_s, "u95": latency.u95_s} if latency else None


def _age_s(result: Measurement | None, wall_s: float) -> float | None:
    """None also for what was measured before the clock was set, and so comes from the future."""
    age_s = wall_s - result.finished_wall_s if result else -1.0
    return age_s if age_s >= 0 else None


def _sensor(state: RailState) -> dict[str, Any]:
    health = state.health
    return {
        "sensor": health.sensor,
        "rail": state.rail.name,
        "up": health.up,
        "power_w": state.newest.power_uw / 1e6 if state.newest else None,
        "failures": health.failures,
        "last_failure": health.last_failure if not health.up else "",
    }
