"""A measurement as rows of the journal, and back."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from edged.inference.model import Model
from edged.measurement.protocol import Protocol
from edged.measurement.result import (
    Case,
    EngineFacts,
    Latency,
    Measurement,
    RailEnergy,
    Surroundings,
    Uncertain,
)
from edged.measurement.verdict import Reason, Rejection, Verdict

Row = Mapping[str, Any]


def measurement_row(measurement: Measurement) -> dict[str, Any]:
    """The row in `measurements`, by column; its start is not among them."""
    model, protocol = measurement.case.model, measurement.protocol
    latency, engine = measurement.latency, measurement.engine
    surroundings = measurement.surroundings
    lowest_hz, highest_hz = surroundings.frequency_range_hz or (None, None)
    return {
        "model": _text(model.name),
        "alpha": _text(model.alpha),
        "precision": _text(model.precision),
        "weights": _text(model.weights),
        "model_path": _text(str(model.path)),
        "cpu_cluster": _text(measurement.case.cpu_cluster),
        "protocol": _text(protocol.name),
        "warmup_runs": protocol.warmup_runs,
        "min_runs": protocol.min_runs,
        "min_busy_s": protocol.min_busy_s,
        "pause_s": protocol.pause_s,
        "threads": protocol.threads,
        "guard_s": protocol.guard_s,
        "valid": int(measurement.verdict.valid),
        "rejections": json.dumps([[r.reason, r.detail] for r in measurement.verdict.rejections]),
        "latency_s": latency.mean_s if latency else None,
        "latency_u95_s": latency.u95_s if latency else None,
        "inferences": latency.count if latency else 0,
        "quantiles_s": json.dumps(dict(latency.quantiles_s) if latency else {}),
        "quantile_intervals_s": json.dumps(dict(latency.quantile_intervals_s) if latency else {}),
        "engine": _text(engine.engine) if engine else None,
        "engine_version": _text(engine.engine_version) if engine else None,
        "delegate": _text(engine.delegate) if engine else None,
        "engine_threads": engine.threads if engine else None,
        "load_s": measurement.load_s,
        "worker_memory_bytes": measurement.worker_memory_bytes,
        "frequency_hz": surroundings.frequency_hz,
        "lowest_frequency_hz": lowest_hz,
        "highest_frequency_hz": highest_hz,
        "temperature_c": surroundings.temperature_c,
        "foreign_load_ratio": surroundings.foreign_load_ratio,
        "waiting_ratio": surroundings.waiting_ratio,
        "throttled_inferences": surroundings.throttled_inferences,
        "start_ns": measurement.start_ns,
        "end_ns": measurement.end_ns,
        "finished_wall_s": measurement.finished_wall_s,
    }


def rail_rows(measurement: Measurement) -> list[dict[str, Any]]:
    """The rows in `rails`, by column; the measurement's id is not among them."""
    return [
        {
            "rail": _text(rail),
            "net_energy_j": energy.net_energy_j.value,
            "net_u95_j": energy.net_energy_j.u95,
            "gross_energy_j": energy.gross_energy_j.value,
            "gross_u95_j": energy.gross_energy_j.u95,
            "idle_power_w": energy.idle_power_w,
            "components_j": json.dumps(dict(energy.components_j)),
            "coverage_ratio": energy.coverage_ratio,
        }
        for rail, energy in measurement.rails.items()
    ]


def measurement_of(row: Row, rails: Iterable[Row]) -> Measurement:
    """The measurement in these rows, without its single inferences.

    Args:
        row: Of `measurements`.
        rails: Of `rails`, those of this measurement.

    Raises:
        ValueError: If a row holds something that edged never wrote.
        TypeError: As above.
        KeyError: As above.
    """
    model = Model(
        row["model"], Path(row["model_path"]), row["alpha"], row["precision"], weights=row["weights"]
    )
    frequency_range_hz = (row["lowest_frequency_hz"], row["highest_frequency_hz"])
    return Measurement(
        case=Case(model, row["cpu_cluster"]),
        protocol=Protocol(
            row["protocol"],
            row["warmup_runs"],
            row["min_runs"],
            row["min_busy_s"],
            row["pause_s"],
            row["threads"],
            row["guard_s"],
        ),
        verdict=Verdict(tuple(Rejection(Reason(r), detail) for r, detail in json.loads(row["rejections"]))),
        latency=None if row["latency_s"] is None else _latency(row),
        inferences=(),
        engine=None
        if row["engine"] is None
        else EngineFacts(row["engine"], row["engine_version"], row["delegate"], row["engine_threads"]),
        load_s=row["load_s"],
        worker_memory_bytes=row["worker_memory_bytes"],
        surroundings=Surroundings(
            frequency_hz=row["frequency_hz"],
            frequency_range_hz=None if None in frequency_range_hz else frequency_range_hz,
            temperature_c=row["temperature_c"],
            foreign_load_ratio=row["foreign_load_ratio"],
            waiting_ratio=row["waiting_ratio"],
            throttled_inferences=row["throttled_inferences"],
        ),
        start_ns=row["start_ns"],
        end_ns=row["end_ns"],
        finished_wall_s=row["finished_wall_s"],
        rails={rail["rail"]: _rail(rail) for rail in rails},
    )


def _latency(row: Row) -> Latency:
    intervals = json.loads(row["quantile_intervals_s"]).items()
    return Latency(
        mean_s=row["latency_s"],
        u95_s=row["latency_u95_s"],
        quantiles_s={int(p): value_s for p, value_s in json.loads(row["quantiles_s"]).items()},
        quantile_intervals_s={int(p): (low_s, high_s) for p, (low_s, high_s) in intervals},
        count=row["inferences"],
    )


def _rail(row: Row) -> RailEnergy:
    return RailEnergy(
        net_energy_j=Uncertain(row["net_energy_j"], row["net_u95_j"]),
        gross_energy_j=Uncertain(row["gross_energy_j"], row["gross_u95_j"]),
        idle_power_w=row["idle_power_w"],
        components_j=json.loads(row["components_j"]),
        coverage_ratio=row["coverage_ratio"],
    )


def _text(text: str) -> str:
    """Paths may hold bytes that are no text; SQLite takes only what is."""
    return text.encode("utf-8", "backslashreplace").decode()
