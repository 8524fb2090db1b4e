"""What stands in the journal's way, and that writing begins again when it has gone."""

import os
import shutil
import sqlite3
import tempfile
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from edged.journal import connection
from edged.journal.reader import Wanted, read_records
from tests.unit.exposition.facts import measurement
from tests.unit.journal.records import batch, journal

NOBODY = 65_534


def count(path: Path) -> int:
    return len(list(read_records(path, Wanted())))


def test_a_directory_in_its_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    file = journal(path)
    assert file.write(batch(measurement()))
    for part in tmp_path.glob("j.db*"):
        part.unlink()
    path.mkdir()
    assert not file.write(batch(measurement()))
    assert file.state.failures >= 1
    path.rmdir()
    assert file.write(batch(measurement()))
    assert count(path) == 1


def test_another_program_that_locks_it_costs_a_try_and_no_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_BUSY_S", 0.01)
    path = tmp_path / "j.db"
    file = journal(path)
    assert file.write(batch(measurement()))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not file.write(batch(measurement()))
        other.execute("ROLLBACK")
    assert file.write(batch(measurement()))
    assert file.state.failures == 1
    assert count(path) == 2
    assert not list(tmp_path.glob("*damaged*"))


def test_a_directory_that_becomes_read_only_stops_writing_until_it_is_not() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody to whom a file is read-only")
    with tempfile.TemporaryDirectory() as name:
        shutil.chown(name, NOBODY)
        child = os.fork()
        if child == 0:  # gives up root's right to write everywhere
            try:
                os.setresuid(NOBODY, NOBODY, NOBODY)
                as_nobody(Path(name, "j.db"))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def as_nobody(path: Path) -> None:
    """A life in a directory that may be written, may not, and may again."""
    file = journal(path)
    assert file.write(batch(measurement()))
    file.close()
    path.parent.chmod(0o555)
    again = journal(path)
    again.resume()
    assert not again.write(batch(measurement()))
    assert again.state.failures >= 1
    path.parent.chmod(0o755)
    assert again.write(batch(measurement()))
    again.close()
    assert count(path) == 2
    assert not list(path.parent.glob("*damaged*"))
