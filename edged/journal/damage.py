"""What to do with a file that is no journal (any more): keep it under another name."""

import itertools
import sqlite3
from pathlib import Path

from edged.journal.schema import UnusableFileError

# The primary result code is the lowest byte of an extended one (sqlite.org/rescode.html).
_PRIMARY = 0xFF
# All statements are constant: one that SQLite does not understand means that the tables are not ours.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, not the disk it is on, nor somebody who holds it."""
    # SQLite complains of a damaged table by its name, which may be no text any more.
    if isinstance(error, UnusableFileError | UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY in _DAMAGED


def set_aside(path: Path, what: str) -> Path:
    """Rename a file and its write-ahead log to the next free name; nothing is deleted.

    Args:
        path: The file.
        what: What it is, in a word: `damaged`, `newer`.

    Returns:
        What the file is called now, such as `journal.db.damaged-1`.

    Raises:
        OSError: If it cannot be renamed.
    """
    names = (path.with_name(f"{path.name}.{what}-{number}") for number in itertools.count(1))
    aside = next(name for name in names if not any(Path(f"{name}{end}").exists() for end in ("", "-wal")))
    # SQLite finds a log by its file's name: together they can still be looked into.
    for ending in ("-wal", "-shm", ""):
        part = Path(f"{path}{ending}")
        if part.exists():
            part.rename(f"{aside}{ending}")
    return aside
