"""A log that may not be written, beside a journal that may: what it holds is kept, and writing goes on."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edged.journal.reader import Wanted, read_records
from tests.unit.exposition.facts import measurement
from tests.unit.journal.records import batch, journal

NOBODY = 65534


def in_a_child(do: Callable[[], None], user: int | None = None) -> None:
    """Permissions bind no process of root's; and who ends at once closes nothing."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if user is not None and os.geteuid() == 0:
                os.setuid(user)
            do()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture
def path() -> Iterator[Path]:
    # Not `tmp_path`: the directories above that are their owner's alone.
    with tempfile.TemporaryDirectory() as directory:
        if os.geteuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
        yield Path(directory) / "j.db"


def kept(path: Path) -> int:
    return len(list(read_records(path, Wanted())))


def write_one(path: Path) -> bool:
    file = journal(path)
    file.resume()
    return file.write(batch(measurement()))


def test_a_journal_that_was_read_only_for_a_while_is_written_again(path: Path) -> None:
    def live() -> None:
        file = journal(path)
        assert file.write(batch(measurement()))
        file.close()
        path.chmod(0o555)
        later = journal(path)
        later.resume()
        assert not later.write(batch(measurement()))
        path.chmod(0o644)
        assert later.write(batch(measurement()))
        later.close()

    in_a_child(live, NOBODY)
    assert kept(path) == 2
    assert not list(path.parent.glob("*damaged*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_a_log_of_another_user_is_taken_over_with_what_it_holds(path: Path) -> None:
    def be_killed() -> None:
        assert write_one(path)

    in_a_child(be_killed, NOBODY)
    for ending in ("-wal", "-shm"):
        part = path.with_name(f"{path.name}{ending}")
        assert part.stat().st_size
        os.chown(part, 0, 0)
        part.chmod(0o644)

    def live() -> None:
        assert write_one(path)

    in_a_child(live, NOBODY)
    assert kept(path) == 2
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_a_log_that_cannot_even_be_read_is_left_alone_and_each_try_counted(path: Path) -> None:
    in_a_child(lambda: None if write_one(path) else os._exit(1), NOBODY)
    log = path.with_name(f"{path.name}-wal")
    os.chown(log, 0, 0)
    log.chmod(0o600)
    before = log.read_bytes()

    def live() -> None:
        file = journal(path)
        assert not file.write(batch(measurement()))
        assert file.state.failures == 1

    in_a_child(live, NOBODY)
    assert log.read_bytes() == before
