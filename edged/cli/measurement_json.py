"""A measurement as JSON for scripts."""

from typing import Any

from edged.assembly.parts import Truth
from edged.measurement.result import Measurement, RailEnergy, Uncertain


def measurement_json(measurement: Measurement, truth: Truth | None = None) -> dict[str, Any]:
    """One measurement with the case labels of its metrics; what is not known is null or left out.

    Args:
        measurement: What was found.
        truth: What should have been found, on a simulated board.
    """
    told = _found(measurement)
    if truth is not None:
        told["simulated"] = True
        told["truth"] = {
            rail: {
                "net_energy_j": _uncertain(Uncertain(energy.net_energy_j, 0.0)),
                "gross_energy_j": _uncertain(Uncertain(energy.gross_energy_j, 0.0)),
            }
            for rail, energy in truth(measurement).items()
        }
    return told


def _found(measurement: Measurement) -> dict[str, Any]:
    case, latency, engine = measurement.case, measurement.latency, measurement.engine
    surroundings = measurement.surroundings
    return {
        "model": case.model.name,
        "alpha": case.model.alpha,
        "precision": case.model.precision,
        "cpu_cluster": case.cpu_cluster,
        "protocol": measurement.protocol.name,
        "verdict": str(measurement.verdict),
        "reasons": [str(reason) for reason in measurement.verdict.reasons],
        "rejections": [
            {"reason": str(rejection.reason), "detail": rejection.detail}
            for rejection in measurement.verdict.rejections
        ],
        "inferences": latency.count if latency else 0,
        "latency_s": {
            "mean": latency.mean_s,
            "u95": latency.u95_s,
            "quantiles": {str(p): value for p, value in latency.quantiles_s.items()},
            "quantile_intervals": {str(p): list(i) for p, i in latency.quantile_intervals_s.items()},
        }
        if latency
        else None,
        "frames_per_second": latency.frames_per_second if latency else None,
        "engine": engine.engine if engine else None,
        "version": engine.engine_version if engine else None,
        "delegate": engine.delegate if engine else None,
        "threads": measurement.protocol.threads,
        "load_s": measurement.load_s,
        "worker_memory_bytes": measurement.worker_memory_bytes,
        "cpu_frequency_hz": surroundings.frequency_hz,
        "temperature_c": surroundings.temperature_c,
        "foreign_load_ratio": surroundings.foreign_load_ratio,
        "waiting_ratio": surroundings.waiting_ratio,
        "throttled_inferences": surroundings.throttled_inferences,
        "finished_wall_s": measurement.finished_wall_s,
        "rails": {name: _rail(energy) for name, energy in measurement.rails.items()},
    }


def _rail(energy: RailEnergy) -> dict[str, Any]:
    return {
        "net_energy_j": _uncertain(energy.net_energy_j),
        "gross_energy_j": _uncertain(energy.gross_energy_j),
        "idle_power_w": energy.idle_power_w,
        "components_j": dict(energy.components_j),
        "coverage_ratio": energy.coverage_ratio,
    }


def _uncertain(quantity: Uncertain) -> dict[str, float]:
    return {"value": quantity.value, "u95": quantity.u95}
