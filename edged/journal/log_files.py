"""The write-ahead log and its index, when this process may not write them although the journal is its own.

SQLite gives both the journal's mode when it makes them: a journal that was read-only for a while has a
read-only index for ever after. And who once looked at it as root leaves files of root's. SQLite then opens
the journal for reading only, and says nothing but that each write fails.
"""

import logging
import os
import shutil
from pathlib import Path

_LOG = logging.getLogger(__name__)


def make_writable(journal: Path) -> None:
    """Have a log and an index that this process may write; what the log holds is kept.

    Only for who holds the journal's lock and has no connection to it. Nothing is done while the journal
    itself may not be written.

    Args:
        journal: The journal's file.

    Raises:
        OSError: If the log cannot be read, or the directory not be written.
    """
    log, index = Path(f"{journal}-wal"), Path(f"{journal}-shm")
    if not _writable(journal) or all(_writable(part) for part in (log, index) if part.exists()):
        return
    # The index says where in the log each page is; SQLite makes it again from the log.
    if log.exists() and not _writable(log):
        _replace_by_copy(log, journal.stat().st_mode & 0o777)
    index.unlink(missing_ok=True)
    _LOG.warning("the write-ahead log of %s could not be written by this user; it is made anew", journal)


def _replace_by_copy(log: Path, mode: int) -> None:
    copy = log.with_name(f"{log.name}.new")
    with log.open("rb") as old, copy.open("wb") as new:
        shutil.copyfileobj(old, new)
        os.fchmod(new.fileno(), mode)
        os.fsync(new.fileno())
    copy.replace(log)


def _writable(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK, effective_ids=True)
