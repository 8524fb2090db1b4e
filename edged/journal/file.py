"""The journal's file, whatever happens to it: writes that fail are counted, and tried again.

| what happens | what follows |
|---|---|
| damaged, another program's, a newer edged's | set aside under another name; a new file is begun |
| removed, with its directory or without | a new file is begun |
| log or index that only others may write | the log is copied, the index made again |
| disk full, read-only, not allowed, locked, a directory | the next write is tried as the first one |

None of it raises; only a daemon that begins is told where another one writes the same journal. What could not
be written stays with whoever asked for it to be written.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from edged.errors import EdgedError
from edged.events import JOURNAL_FAILING, JOURNAL_SET_ASIDE
from edged.journal.batch import Batch, write_batch, write_start
from edged.journal.connection import connect
from edged.journal.counters import Counters
from edged.journal.damage import is_damage, set_aside
from edged.journal.life import Life
from edged.journal.lock import JournalLock
from edged.journal.log_files import make_writable
from edged.journal.reader import counters_of, last_valid_of
from edged.journal.retention import Bounds, retain
from edged.journal.schema import NewerFileError
from edged.journal.steady_wall import SteadyWall
from edged.measurement.result import Measurement

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JournalState:
    """How the journal does.

    Attributes:
        size_bytes: Size of the file and its write-ahead log.
        failures: Writes that failed, and measurements dropped because of that.
    """

    size_bytes: int
    failures: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """What earlier lives left behind.

    Attributes:
        counters: All counters as they were written last; empty where nothing was, or it cannot be read.
        last_valid: The last valid measurement of each case.
    """

    counters: Counters
    last_valid: tuple[Measurement, ...] = ()


class JournalFile:
    """The journal of one life of the daemon. One thread at a time.

    Args:
        path: The file.
        bounds: How much is kept.
        life: What all measurements have in common.
    """

    def __init__(self, path: Path, bounds: Bounds, life: Life) -> None:
        """Touch nothing yet."""
        self._path = path
        self._bounds = bounds
        self._life = life
        self._lock = JournalLock(path)
        self._wall = SteadyWall()
        self._connection: sqlite3.Connection | None = None
        self._start_id = 0
        self._inode = 0
        self._failing = False
        self.state = JournalState(0, 0)

    def resume(self) -> Resumed:
        """Open the file, begin a life in it, and take what earlier lives left.

        A file that cannot be written is not resumed from: counters that went on from it, and could not be
        kept, would fall at the next start.

        Raises:
            JournalHeldError: If another process writes it.
        """
        with suppress(OSError):  # counted below, where it happens again
            self._lock.hold()
        resumed = Resumed({})
        with self._failures_counted():
            connection = self._open()
            resumed = Resumed(counters_of(connection), last_valid_of(connection))
        self._measure_size()
        return resumed

    def write(self, batch: Batch) -> bool:
        """Write all of a batch, or nothing; returns whether it is on the disk."""
        written = False
        believed = self._wall.believed(batch.at_ns, batch.wall_s)
        with self._failures_counted():
            connection = self._open()
            write_batch(connection, self._start_id, batch)
            written = True
            if batch.measurements:
                retain(connection, self._bounds, batch.wall_s if believed else None)
        self._measure_size()
        return written

    def count_failures(self, failures: int) -> None:
        """Count writes that failed, or measurements that are lost because of that."""
        self.state = JournalState(self.state.size_bytes, self.state.failures + failures)

    def close(self) -> None:
        """Fold the write-ahead log into the file, and let others have it."""
        self._disconnect()
        self._lock.release()

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        self._lock.hold()
        if self._connection and self._inode != _inode(self._path):
            self._disconnect()
            self.count_failures(1)
            _LOG.warning("%s was removed; a new journal is begun", self._path)
        if self._connection is None:
            self._connection = self._connect()
            self._inode = _inode(self._path)
            self._start_id = write_start(self._connection, self._life)
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        make_writable(self._path)
        try:
            return connect(self._path, self._bounds.max_bytes)
        except (sqlite3.Error, EdgedError, UnicodeDecodeError) as error:
            if not is_damage(error):
                raise
            self._set_aside(error)
            return connect(self._path, self._bounds.max_bytes)

    def _set_aside(self, error: Exception) -> None:
        self._disconnect()
        aside = set_aside(self._path, "newer" if isinstance(error, NewerFileError) else "damaged")
        self.count_failures(1)
        told = f"{self._path}: {error}; it is kept as {aside.name}, and a new journal is begun"
        JOURNAL_SET_ASIDE.tell(_LOG, told, EDGED_JOURNAL=str(self._path))

    @contextmanager
    def _failures_counted(self) -> Iterator[None]:
        try:
            yield
            self._failing = False
        except (sqlite3.Error, OSError, EdgedError, ValueError, TypeError, KeyError) as error:
            self.count_failures(1)
            if not self._failing:
                told = f"the journal {self._path} cannot be written: {error}"
                JOURNAL_FAILING.tell(_LOG, told, EDGED_JOURNAL=str(self._path))
            self._failing = True
            self._let_go(error)

    def _let_go(self, error: Exception) -> None:
        """A connection that failed is not trusted again; a damaged file is out of the way at once."""
        try:
            if is_damage(error):
                self._set_aside(error)
            else:
                self._disconnect()
        except (sqlite3.Error, OSError) as second:
            _LOG.warning("the journal %s cannot be set aside: %s", self._path, second)
            self._connection = None

    def _measure_size(self) -> None:
        size_bytes = 0
        for ending in ("", "-wal", "-shm"):
            try:
                size_bytes += Path(f"{self._path}{ending}").stat().st_size
            except OSError:
                continue
        self.state = JournalState(size_bytes, self.state.failures)


def _inode(path: Path) -> int:
    """The file's number; 0 if there is no file."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0
