"""A measurement of the journal as JSON: as `edged measure --json` has it, and when and where it was made."""

from typing import Any

from edged.cli.measurement_json import measurement_json
from edged.journal.record import Record


def record_json(record: Record) -> dict[str, Any]:
    """One measurement; what is not known is null or left out."""
    life, measurement = record.life, record.measurement
    return {
        **measurement_json(measurement),
        "start_ns": measurement.start_ns,
        "end_ns": measurement.end_ns,
        "boot_id": life.boot_id,
        "edged_version": life.edged_version,
        "board": life.board,
        "simulation": life.simulation,
    }
