"""`/api/v1/results`: every case with its last valid measurement, and what became of the last one."""

from collections.abc import Mapping

from edged.exposition.case_account import CASE_LABELS, CaseAccount
from edged.exposition.paper_figures import paper_frames_per_second
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.measurement.result import Measurement, Uncertain
from edged.tradeoff.inference_energy import inference_energy, rails_that_add_up


def results_json(snapshot: Snapshot) -> Mapping[str, object]:
    """The cases of a snapshot, in the order in which they run."""
    facts = {(each.model.name, each.model.alpha, each.model.precision): each for each in snapshot.models}
    return {"cases": [_case(snapshot, case, facts.get(case.labels[:3])) for case in snapshot.cases]}


def case_json(account: CaseAccount) -> dict[str, object]:
    """What names a case."""
    return dict(zip(CASE_LABELS, account.labels, strict=True))


def uncertain_json(uncertain: Uncertain | None) -> Mapping[str, float] | None:
    """A value with its U95."""
    return None if uncertain is None else {"value": uncertain.value, "u95": uncertain.u95}


def _case(snapshot: Snapshot, account: CaseAccount, facts: ModelFacts | None) -> Mapping[str, object]:
    accuracy = facts.model.accuracy if facts else None
    return {
        **case_json(account),
        "weights": facts.model.weights if facts else None,
        "size_bytes": facts.size_bytes if facts else None,
        "top1_ratio": accuracy.top1_ratio if accuracy else None,
        "top1_source": accuracy.source if accuracy else None,
        "paper_frames_per_second": paper_frames_per_second(account.labels),
        "inferences": sum(account.latencies.counts),
        "valid": account.valid,
        "rejected": {reason.value: count for reason, count in account.rejected.items() if count},
        "result": _result(snapshot, account.last_valid) if account.last_valid else None,
        "last": _last(snapshot, account.last) if account.last else None,
    }


def _result(snapshot: Snapshot, measurement: Measurement) -> Mapping[str, object]:
    latency, seen = measurement.latency, measurement.surroundings
    energy = inference_energy(measurement.rails)
    return {
        "finished": _finished(snapshot, measurement),
        "protocol": measurement.protocol.name,
        "latency_s": {"value": latency.mean_s, "u95": latency.u95_s} if latency else None,
        "frames_per_second": latency.frames_per_second if latency else None,
        "count": latency.count if latency else 0,
        "net_energy_j": uncertain_json(energy),
        "net_energy_rails": rails_that_add_up(measurement.rails),
        "rails": {
            rail: {"net_j": uncertain_json(each.net_energy_j), "gross_j": uncertain_json(each.gross_energy_j)}
            for rail, each in measurement.rails.items()
        },
        "frequency_hz": seen.frequency_hz,
        "temperature_c": seen.temperature_c,
    }


def _last(snapshot: Snapshot, measurement: Measurement) -> Mapping[str, object]:
    return {
        "finished": _finished(snapshot, measurement),
        "verdict": str(measurement.verdict),
        "rejections": [
            {"reason": rejection.reason.value, "detail": rejection.detail}
            for rejection in measurement.verdict.rejections
        ],
    }


def _finished(snapshot: Snapshot, measurement: Measurement) -> Mapping[str, float | None]:
    """Wall time and age. A measurement from the future was made before the clock was set: no age then."""
    age_s = snapshot.wall_s - measurement.finished_wall_s
    return {"wall_s": measurement.finished_wall_s, "age_s": age_s if age_s >= 0 else None}
