"""Opens the journal for writing."""

import sqlite3
from pathlib import Path

from edged.journal.retention import make_room
from edged.journal.schema import UnusableFileError, migrate, version_of

_BUSY_S = 5.0
# A log that has grown is cut back to this size when it begins anew.
_LOG_BYTES = 4 << 20


def connect(path: Path, max_bytes: int) -> sqlite3.Connection:
    """A connection to a sound journal of the newest version, made if there is none.

    Commits are on the disk when they return (`synchronous=FULL`): what was told to somebody survives a
    power cut.

    Args:
        path: The file; its directory is made too.
        max_bytes: The file never grows beyond; more is refused as if the disk were full. The oldest
            measurements leave a file that is larger.

    Raises:
        sqlite3.Error: If it cannot be opened, read or written.
        UnusableFileError: If the file is damaged, another program's, or a newer edged's.
        OSError: If the directory cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # One thread opens, another one writes, never both at a time.
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, max_bytes)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, max_bytes: int) -> None:
    connection.row_factory = sqlite3.Row
    version_of(connection)  # before anything is changed in a file that is not ours
    # Takes effect in an empty file only, and must come before the log is switched on.
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    (damage,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if damage != "ok":
        raise UnusableFileError(f"is damaged: {damage}")
    migrate(connection)
    make_room(connection, max_bytes)  # SQLite sets no bound below what is there
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_bytes)}")
