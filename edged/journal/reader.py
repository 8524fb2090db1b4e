"""Reads the journal: for who looks at results, and for a daemon that begins where the last one ended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from urllib.parse import quote

from edged.errors import EdgedError
from edged.file_stamp import Stamp, file_stamp
from edged.journal.counters import Counters, decode
from edged.journal.life import Life
from edged.journal.placed_wall import add_placed_wall
from edged.journal.record import Record
from edged.journal.rows import measurement_of
from edged.journal.schema import STEPS, UnusableFileError, version_of
from edged.measurement.result import Measurement
from edged.measurement.verdict import Reason

_SELECT = (
    "SELECT measurements.*, boot_id, starts.start_ns AS life_start_ns, start_wall_s, edged_version, board,"
    " simulation FROM measurements JOIN starts ON starts.id = start_id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measurements are wanted; empty or None leaves it open.

    Attributes:
        models: Names of models, with `*` and `?` as in a shell.
        cpu_clusters: Names of CPU clusters.
        valid: Only valid ones, or only rejected ones.
        reason: Only those rejected for this reason.
        since_wall_s: Only those finished at that wall time or later, in Unix seconds; those made before the
            clock was set count by what the rest of their boot tells.
    """

    models: tuple[str, ...] = ()
    cpu_clusters: tuple[str, ...] = ()
    valid: bool | None = None
    reason: Reason | None = None
    since_wall_s: float | None = None

    def condition(self) -> tuple[str, list[str | float]]:
        """The same in SQL, with the values of its question marks."""
        parts: list[str] = []
        values: list[str | float] = []
        if self.models:
            parts.append(f"({' OR '.join(['model GLOB ?'] * len(self.models))})")
            values += self.models
        if self.cpu_clusters:
            parts.append(f"cpu_cluster IN ({', '.join('?' * len(self.cpu_clusters))})")
            values += self.cpu_clusters
        if self.valid is not None:
            parts.append("valid = ?")
            values.append(int(self.valid))
        if self.reason is not None:
            parts.append("instr(rejections, ?)")
            values.append(f'["{self.reason}", ')
        if self.since_wall_s is not None:
            parts.append("placed_wall_s(finished_wall_s, boot_id, end_ns) >= ?")
            values.append(self.since_wall_s)
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def read_records(path: Path, wanted: Wanted) -> Iterator[Record]:
    """Measurements in the order in which they were made; a daemon may go on writing meanwhile.

    Args:
        path: The journal.
        wanted: Which ones.

    Raises:
        EdgedError: If there is no journal, or it cannot be read.
    """
    with reading(path) as connection:
        if wanted.since_wall_s is not None:
            add_placed_wall(connection)
        condition, values = wanted.condition()
        yield from _records(connection, f"{condition} ORDER BY measurements.id", values)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The journal, for reading; what goes wrong with it inside is told in words.

    Args:
        path: The journal.

    Raises:
        EdgedError: If there is no journal, or it cannot be read.
    """
    if not path.exists():
        raise EdgedError("there is no journal", where=str(path), remedy=_where_others_are(path))
    before = file_stamp(path)
    # SQLite would make a log where there is none; a journal without one is whole, and nobody writes it now.
    alone = not Path(f"{path}-wal").exists()
    with (
        _unchanged(path, before) if alone else nullcontext(),
        _told_in_words(path),
        closing(_open(path, immutable=alone)) as connection,
    ):
        # An older one is read by the daemon that migrates it: this process may not be allowed to.
        if version_of(connection) != len(STEPS):
            raise UnusableFileError("is of another version", remedy="start edged run once: it migrates")
        yield connection


@contextmanager
def _told_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise EdgedError(f"the journal cannot be read: {error}", where=str(path)) from error
    except UnusableFileError as error:
        raise EdgedError(error.what, where=str(path), remedy=error.remedy) from error


@contextmanager
def _unchanged(path: Path, before: Stamp) -> Iterator[None]:
    """What is read without locks is to be believed only if nobody has begun to write it meanwhile."""
    failed: EdgedError | None = None
    try:
        yield
    except EdgedError as error:
        failed = error
    # A daemon's log may have come without harm: it is folded into the file later.
    if file_stamp(path) != before:
        what = "edged began to write the journal while it was read"
        raise EdgedError(what, where=str(path), remedy="ask again") from failed
    if failed:
        raise failed


def _where_others_are(path: Path) -> str:
    """What to do where there is no journal: each journal leaves a lock file beside it."""
    beside = (lock.name.removesuffix(".lock") for lock in path.parent.glob(f"{escape(path.name)}.*.lock"))
    simulated = sorted(name.removeprefix(f"{path.name}.") for name in beside if path.with_name(name).exists())
    if not simulated:
        return "edged run writes one"
    return f"beside it is that of a simulated board: --simulated {' or '.join(simulated)}"


def counters_of(connection: sqlite3.Connection) -> Counters:
    """The counters as they were written last; empty if they never were.

    Raises:
        sqlite3.Error: If they cannot be read.
        ValueError: If they are none.
    """
    row = connection.execute("SELECT state FROM counters").fetchone()
    return decode(row["state"]) if row else {}


def last_valid_of(connection: sqlite3.Connection) -> tuple[Measurement, ...]:
    """The last valid measurement of each case.

    Raises:
        sqlite3.Error: If they cannot be read.
        ValueError: If a row holds something that edged never wrote.
        TypeError: As above.
        KeyError: As above.
    """
    newest = (
        " WHERE measurements.id IN (SELECT max(id) FROM measurements WHERE valid"
        " GROUP BY model, alpha, precision, cpu_cluster) ORDER BY measurements.id"
    )
    return tuple(record.measurement for record in _records(connection, newest, []))


def _open(path: Path, *, immutable: bool) -> sqlite3.Connection:
    """For reading only, from a directory that this process may not write as well."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(uri, uri=True, timeout=5.0)
    connection.row_factory = sqlite3.Row
    return connection


def _records(connection: sqlite3.Connection, rest: str, values: list[str | float]) -> Iterator[Record]:
    for row in connection.execute(_SELECT + rest, values):
        columns = dict(row)
        rails = connection.execute("SELECT * FROM rails WHERE measurement_id = ?", (columns["id"],))
        life = Life(
            columns["boot_id"],
            columns["life_start_ns"],
            columns["start_wall_s"],
            columns["edged_version"],
            columns["board"],
            columns["simulation"],
        )
        yield Record(measurement_of(columns, [dict(rail) for rail in rails]), life)
