"""One writer at a time."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from edged.journal.lock import JournalHeldError
from tests.unit.exposition.facts import measurement
from tests.unit.journal.records import LIFE, batch, journal

NEXT = replace(LIFE, start_ns=6)


def test_a_second_daemon_is_told_which_process_writes_and_begins_when_that_has_ended(tmp_path: Path) -> None:
    first, second = journal(tmp_path / "j.db"), journal(tmp_path / "j.db", NEXT)
    first.resume()
    with pytest.raises(JournalHeldError, match=f"process {os.getpid()} writes this journal already"):
        second.resume()
    assert first.write(batch(measurement()))
    first.close()
    second.resume()
    assert second.write(batch(measurement()))


def test_a_failed_write_does_not_let_go_of_the_journal(tmp_path: Path) -> None:
    first, second = journal(tmp_path / "j.db"), journal(tmp_path / "j.db", NEXT)
    (tmp_path / "j.db").mkdir()
    first.resume()
    assert not first.write(batch(measurement()))
    with pytest.raises(JournalHeldError):
        second.resume()


def test_a_lock_that_was_removed_with_its_directory_is_taken_again(tmp_path: Path) -> None:
    first, second = journal(tmp_path / "state/j.db"), journal(tmp_path / "state/j.db", NEXT)
    first.resume()
    shutil.rmtree(tmp_path / "state")
    assert first.write(batch(measurement()))
    with pytest.raises(JournalHeldError):
        second.resume()


def test_two_that_find_themselves_on_one_journal_never_both_write(tmp_path: Path) -> None:
    first, second = journal(tmp_path / "state/j.db"), journal(tmp_path / "state/j.db", NEXT)
    first.resume()
    shutil.rmtree(tmp_path / "state")
    second.resume()
    assert not first.write(batch(measurement()))
    assert first.state.failures == 1
    second.close()
    assert first.write(batch(measurement()))


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from edged.journal.lock import JournalLock;"
        "lock = JournalLock(Path(sys.argv[1])); lock.hold(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "j.db")], check=False, timeout=60)
    assert (tmp_path / "j.db.lock").exists()
    journal(tmp_path / "j.db").resume()
