"""Keeps the journal within its bounds: the oldest measurements leave first.

Age is told by the wall clock, which may be wrong by years: nothing leaves for its age while that is not
believed (`steady_wall.py`). Should it be wrong all the same, little is lost: for each measurement that comes,
at most two leave for their age. The bound on the size holds whatever the clock says.
"""

import sqlite3
from dataclasses import dataclass

from edged.journal.record import TRUSTED_SINCE_S

_DAY_S = 86_400.0
_LEAVING_FOR_AGE = 2
_LEAVING_FOR_SIZE = 200
# Starts and throttle episodes are small and rare; these bounds matter only where something is very wrong.
_MOST_STARTS = 10_000
_MOST_EPISODES = 10_000
# What is left free of the bound, for the rows of one batch and for what SQLite needs itself.
_FREE_RATIO = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept.

    Attributes:
        max_bytes: Size of the file.
        max_age_days: Age of a measurement in days.
    """

    max_bytes: int
    max_age_days: float


def retain(connection: sqlite3.Connection, bounds: Bounds, wall_s: float | None) -> None:
    """Let go what is too much or too old, and give its room back to the file system.

    Args:
        connection: In autocommit mode.
        bounds: How much is kept.
        wall_s: Wall time in Unix seconds; None if it cannot be believed.

    Raises:
        sqlite3.Error: If the file cannot be read or written.
    """
    if wall_s is not None:
        connection.execute(
            # Those made while the clock was not set leave with what came after them.
            "DELETE FROM measurements WHERE id <= (SELECT max(id) FROM ("
            "SELECT id, finished_wall_s FROM measurements WHERE finished_wall_s >= ? ORDER BY id LIMIT ?"
            ") WHERE finished_wall_s < ?)",
            (TRUSTED_SINCE_S, _LEAVING_FOR_AGE, wall_s - bounds.max_age_days * _DAY_S),
        )
    if _used_bytes(connection) > bounds.max_bytes * (1 - _FREE_RATIO):
        _let_oldest_go(connection, _LEAVING_FOR_SIZE)
    connection.execute(
        "DELETE FROM throttle_episodes WHERE id <= (SELECT max(id) FROM throttle_episodes) - ?",
        (_MOST_EPISODES,),
    )
    connection.execute(
        "DELETE FROM starts WHERE id <= (SELECT max(id) FROM starts) - ? "
        "AND NOT EXISTS (SELECT 1 FROM measurements WHERE start_id = starts.id)",
        (_MOST_STARTS,),
    )
    _give_back(connection)


def make_room(connection: sqlite3.Connection, max_bytes: int) -> None:
    """Bring a file within a size that is less than the one it had grown to: else it would take nothing more.

    Args:
        connection: In autocommit mode.
        max_bytes: Size of the file.

    Raises:
        sqlite3.Error: If the file cannot be read or written.
    """
    kept_bytes = max_bytes * (1 - _FREE_RATIO)
    while (used_bytes := _used_bytes(connection)) > kept_bytes:
        (count,) = connection.execute("SELECT count(*) FROM measurements").fetchone()
        if not count:
            break
        _let_oldest_go(connection, max(_LEAVING_FOR_SIZE, int(count * (1 - kept_bytes / used_bytes))))
    _give_back(connection)


def _let_oldest_go(connection: sqlite3.Connection, count: int) -> None:
    connection.execute(
        "DELETE FROM measurements WHERE id IN (SELECT id FROM measurements ORDER BY id LIMIT ?)", (count,)
    )


def _give_back(connection: sqlite3.Connection) -> None:
    """Give all free pages back to the file system."""
    # It answers once for each page, with no columns: `execute` leaves off at the first answer.
    connection.executescript("PRAGMA incremental_vacuum")


def _used_bytes(connection: sqlite3.Connection) -> int:
    def value(name: str) -> int:
        return int(connection.execute(f"PRAGMA {name}").fetchone()[0])

    return (value("page_count") - value("freelist_count")) * value("page_size")
