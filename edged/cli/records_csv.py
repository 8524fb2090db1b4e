"""Measurements of the journal as CSV: one line each, the energies of each rail in columns of their own."""

import csv
from collections.abc import Sequence
from typing import Any, TextIO

from edged.cli.record_json import record_json
from edged.journal.record import Record

_COLUMNS = (
    "finished_wall_s",
    "model",
    "alpha",
    "precision",
    "cpu_cluster",
    "protocol",
    "verdict",
    "inferences",
    "frames_per_second",
    "engine",
    "version",
    "delegate",
    "threads",
    "load_s",
    "worker_memory_bytes",
    "cpu_frequency_hz",
    "temperature_c",
    "foreign_load_ratio",
    "waiting_ratio",
    "throttled_inferences",
    "edged_version",
    "board",
    "simulation",
    "boot_id",
    "start_ns",
    "end_ns",
)


def write_csv(records: Sequence[Record], file: TextIO) -> None:
    """Write a line of headings and a line for each record; what is not known is empty.

    Args:
        records: In the order of the lines.
        file: Where to.
    """
    rails = sorted({rail for record in records for rail in record.measurement.rails})
    rows = [_row(record) for record in records]
    columns = [*_COLUMNS, "reasons", "latency_mean_s", "latency_u95_s"]
    for rail in rails:
        columns += [
            f"{rail}_{what}" for what in ("net_energy_j", "net_u95_j", "gross_energy_j", "idle_power_w")
        ]
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _row(record: Record) -> dict[str, Any]:
    told = record_json(record)
    latency = record.measurement.latency
    row = {name: told[name] for name in _COLUMNS}
    row["reasons"] = " ".join(told["reasons"])
    if latency:
        row |= {"latency_mean_s": latency.mean_s, "latency_u95_s": latency.u95_s}
    for rail, energy in record.measurement.rails.items():
        row[f"{rail}_net_energy_j"] = energy.net_energy_j.value
        row[f"{rail}_net_u95_j"] = energy.net_energy_j.u95
        row[f"{rail}_gross_energy_j"] = energy.gross_energy_j.value
        row[f"{rail}_idle_power_w"] = energy.idle_power_w
    return row
