"""What else the journal tells: when the daemon lived, and when the silicon was held back."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from edged.clock import NS_PER_S
from edged.journal.placed_wall import add_placed_wall
from edged.journal.reader import reading

RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True)
class LifeRecord:
    """One life of the daemon, as far as it is known.

    Attributes:
        start_wall_s: Wall time of its start in Unix seconds; may be wrong by years.
        lived_s: From its start to its end or, where it was killed, to the last sign of it, in seconds.
        ended: Whether it came to its end; not so where it was killed, or lives still.
        measurements: Measurements of it that are still in the journal.
        boot_id: Of the boot that its monotonic times belong to.
        edged_version: Version of edged.
        board: Model of the board.
        simulation: What was simulated, for people; "" on a real board.
    """

    start_wall_s: float
    lived_s: float
    ended: bool
    measurements: int
    boot_id: str
    edged_version: str
    board: str
    simulation: str


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """A throttle episode.

    Attributes:
        cpu_cluster: Name of the CPU cluster.
        end_wall_s: Wall time of its end in Unix seconds; may be wrong by years.
        duration_s: How long it was at most: from the sample before it to the sample after it, in seconds.
        boot_id: Of the boot that its monotonic times belong to.
        start_ns: Monotonic time of the sample before it.
        end_ns: Monotonic time of the sample after it.
        simulation: What was simulated, for people; "" on a real board.
    """

    cpu_cluster: str
    end_wall_s: float
    duration_s: float
    boot_id: str
    start_ns: int
    end_ns: int
    simulation: str


_LIVES = """
SELECT starts.*, count(measurements.id) AS measurements,
    max(starts.start_ns, coalesce(max(measurements.end_ns), 0),
        coalesce((SELECT at_ns FROM counters WHERE counters.start_id = starts.id), 0),
        coalesce((SELECT max(end_ns) FROM throttle_episodes WHERE start_id = starts.id), 0)) AS seen_ns
FROM starts LEFT JOIN measurements ON measurements.start_id = starts.id
WHERE placed_wall_s(start_wall_s, boot_id, starts.start_ns) >= ?
GROUP BY starts.id ORDER BY starts.id
"""
_EPISODES = """
SELECT throttle_episodes.*, boot_id, simulation
FROM throttle_episodes JOIN starts ON starts.id = start_id
WHERE placed_wall_s(end_wall_s, boot_id, end_ns) >= ? ORDER BY throttle_episodes.id
"""


def read_lives(path: Path, since_wall_s: float | None) -> Iterator[LifeRecord]:
    """The daemon's lives, in order.

    Args:
        path: The journal.
        since_wall_s: Only those that began at that wall time or later, in Unix seconds; None for all.

    Raises:
        EdgedError: If there is no journal, or it cannot be read.
    """
    yield from _read(path, _LIVES, since_wall_s, _life)


def read_episodes(path: Path, since_wall_s: float | None) -> Iterator[EpisodeRecord]:
    """Throttle episodes, in the order in which they were found.

    Args:
        path: The journal.
        since_wall_s: Only those that ended at that wall time or later, in Unix seconds; None for all.

    Raises:
        EdgedError: If there is no journal, or it cannot be read.
    """
    yield from _read(path, _EPISODES, since_wall_s, _episode)


def _read(
    path: Path, select: str, since_wall_s: float | None, record_of: Callable[[sqlite3.Row], RecordT]
) -> Iterator[RecordT]:
    with reading(path) as connection:
        add_placed_wall(connection)
        since = float("-inf") if since_wall_s is None else since_wall_s
        # A row that edged never wrote is told in words as well: its record is made in here.
        yield from map(record_of, connection.execute(select, (since,)))


def _life(row: sqlite3.Row) -> LifeRecord:
    end_ns = row["seen_ns"] if row["stop_ns"] is None else row["stop_ns"]
    return LifeRecord(
        start_wall_s=row["start_wall_s"],
        lived_s=(end_ns - row["start_ns"]) / NS_PER_S,
        ended=row["stop_ns"] is not None,
        measurements=row["measurements"],
        boot_id=row["boot_id"],
        edged_version=row["edged_version"],
        board=row["board"],
        simulation=row["simulation"],
    )


def _episode(row: sqlite3.Row) -> EpisodeRecord:
    return EpisodeRecord(
        cpu_cluster=row["cpu_cluster"],
        end_wall_s=row["end_wall_s"],
        duration_s=(row["end_ns"] - row["start_ns"]) / NS_PER_S,
        boot_id=row["boot_id"],
        start_ns=row["start_ns"],
        end_ns=row["end_ns"],
        simulation=row["simulation"],
    )
