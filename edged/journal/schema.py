"""The tables of the journal, as the steps that lead from each version to the next.

A new file takes all steps, an older one those that it has not taken. A step that was once released is
never changed. `user_version` is the number of steps taken.
"""

import sqlite3

from edged.errors import EdgedError

# "edgd": tells a journal from any other SQLite file.
APPLICATION_ID = 0x65646764

_STARTS_AND_MEASUREMENTS = """
CREATE TABLE starts (
    id INTEGER PRIMARY KEY,
    boot_id TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    start_wall_s REAL NOT NULL,
    stop_ns INTEGER,
    edged_version TEXT NOT NULL,
    board TEXT NOT NULL,
    simulation TEXT NOT NULL,
    UNIQUE (boot_id, start_ns, start_wall_s)
);
CREATE TABLE measurements (
    id INTEGER PRIMARY KEY,
    start_id INTEGER NOT NULL REFERENCES starts (id),
    model TEXT NOT NULL,
    alpha TEXT NOT NULL,
    precision TEXT NOT NULL,
    weights TEXT NOT NULL,
    model_path TEXT NOT NULL,
    cpu_cluster TEXT NOT NULL,
    protocol TEXT NOT NULL,
    warmup_runs INTEGER NOT NULL,
    min_runs INTEGER NOT NULL,
    min_busy_s REAL NOT NULL,
    pause_s REAL NOT NULL,
    threads INTEGER NOT NULL,
    guard_s REAL NOT NULL,
    valid INTEGER NOT NULL,
    rejections TEXT NOT NULL,
    latency_s REAL,
    latency_u95_s REAL,
    inferences INTEGER NOT NULL,
    quantiles_s TEXT NOT NULL,
    quantile_intervals_s TEXT NOT NULL,
    engine TEXT,
    engine_version TEXT,
    delegate TEXT,
    engine_threads INTEGER,
    load_s REAL,
    worker_memory_bytes INTEGER,
    frequency_hz REAL,
    lowest_frequency_hz INTEGER,
    highest_frequency_hz INTEGER,
    temperature_c REAL,
    foreign_load_ratio REAL,
    waiting_ratio REAL NOT NULL,
    throttled_inferences INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    finished_wall_s REAL NOT NULL
);
CREATE INDEX measurements_by_case ON measurements (model, alpha, precision, cpu_cluster, valid);
CREATE INDEX measurements_by_start ON measurements (start_id);
CREATE TABLE rails (
    measurement_id INTEGER NOT NULL REFERENCES measurements (id) ON DELETE CASCADE,
    rail TEXT NOT NULL,
    net_energy_j REAL NOT NULL,
    net_u95_j REAL NOT NULL,
    gross_energy_j REAL NOT NULL,
    gross_u95_j REAL NOT NULL,
    idle_power_w REAL NOT NULL,
    components_j TEXT NOT NULL,
    coverage_ratio REAL NOT NULL,
    PRIMARY KEY (measurement_id, rail)
) WITHOUT ROWID;
"""

_COUNTERS_AND_EPISODES = """
CREATE TABLE counters (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    start_id INTEGER NOT NULL,
    at_ns INTEGER NOT NULL,
    wall_s REAL NOT NULL,
    state BLOB NOT NULL
);
CREATE TABLE throttle_episodes (
    id INTEGER PRIMARY KEY,
    start_id INTEGER NOT NULL,
    cpu_cluster TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    end_wall_s REAL NOT NULL,
    UNIQUE (start_id, cpu_cluster, start_ns)
);
"""

STEPS = (_STARTS_AND_MEASUREMENTS, _COUNTERS_AND_EPISODES)


class UnusableFileError(EdgedError):
    """A file that this edged cannot go on with: damaged, another program's, or a newer edged's."""


class NewerFileError(UnusableFileError):
    """A sound journal of a newer edged."""


def version_of(connection: sqlite3.Connection) -> int:
    """Steps that the file has taken.

    Raises:
        UnusableFileError: If the file is another program's, or a newer edged's.
        sqlite3.Error: If it cannot be read.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (application, version, tables) == (0, 0, 0):
        return 0
    if application != APPLICATION_ID:
        raise UnusableFileError("is not a journal of edged")
    if version > len(STEPS):
        raise NewerFileError(f"is a journal of version {version}; this edged knows up to {len(STEPS)}")
    if version <= 0:
        raise UnusableFileError(f"is a journal of version {version}, which there never was")
    return int(version)


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that the file has not taken: all of them or, where one fails, none.

    Args:
        connection: In autocommit mode.

    Raises:
        UnusableFileError: If the file is another program's, or a newer edged's.
        sqlite3.Error: If it cannot be read or written.
    """
    version = version_of(connection)
    if version == len(STEPS):
        return
    script = "".join(STEPS[version:])
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;{script}"
            f"PRAGMA application_id = {APPLICATION_ID};PRAGMA user_version = {len(STEPS)};COMMIT;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise
