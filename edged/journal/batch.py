"""What is written together, in one transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from edged.journal.counters import Counters, encode
from edged.journal.episodes import Episode
from edged.journal.life import Life
from edged.journal.rows import measurement_row, rail_rows
from edged.measurement.result import Measurement


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written together.

    Attributes:
        measurements: In order of time.
        episodes: Throttle episodes that are new or have grown.
        counters: All counters; None leaves those that were written last.
        at_ns: Monotonic time of the counters.
        wall_s: Wall time of the counters in Unix seconds.
        last: Whether the life ends with it.
    """

    measurements: Sequence[Measurement]
    episodes: Sequence[Episode]
    counters: Counters | None
    at_ns: int
    wall_s: float
    last: bool = False


def write_start(connection: sqlite3.Connection, life: Life) -> int:
    """Note that a life has begun, once for each file; returns its id in this file.

    Raises:
        sqlite3.Error: If it cannot be written.
    """
    connection.execute(
        "INSERT OR IGNORE INTO starts (boot_id, start_ns, start_wall_s, edged_version, board, simulation)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        astuple(life),
    )
    (start_id,) = connection.execute(
        "SELECT id FROM starts WHERE (boot_id, start_ns, start_wall_s) = (?, ?, ?)", astuple(life)[:3]
    ).fetchone()
    return int(start_id)


def write_batch(connection: sqlite3.Connection, start_id: int, batch: Batch) -> None:
    """Write all of a batch, or nothing.

    Args:
        connection: In autocommit mode.
        start_id: Of the life that the batch belongs to.
        batch: What to write.

    Raises:
        sqlite3.Error: If it cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        _write(connection, start_id, batch)
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            connection.rollback()
        raise


def _write(connection: sqlite3.Connection, start_id: int, batch: Batch) -> None:
    for measurement in batch.measurements:
        row = {"start_id": start_id, **measurement_row(measurement)}
        measurement_id = _insert(connection, "measurements", row)
        for rail in rail_rows(measurement):
            _insert(connection, "rails", {"measurement_id": measurement_id, **rail})
    connection.executemany(
        "INSERT INTO throttle_episodes (start_id, cpu_cluster, start_ns, end_ns, end_wall_s)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET end_ns = excluded.end_ns, end_wall_s = excluded.end_wall_s",
        [
            (start_id, e.cpu_cluster, e.start_ns, e.end_ns, batch.wall_s - (batch.at_ns - e.end_ns) / 1e9)
            for e in batch.episodes
        ],
    )
    if batch.counters is not None:
        connection.execute(
            "REPLACE INTO counters (id, start_id, at_ns, wall_s, state) VALUES (1, ?, ?, ?, ?)",
            (start_id, batch.at_ns, batch.wall_s, encode(batch.counters)),
        )
    if batch.last:
        connection.execute("UPDATE starts SET stop_ns = ? WHERE id = ?", (batch.at_ns, start_id))


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int | None:
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names from our own code
    return connection.execute(statement, tuple(row.values())).lastrowid
