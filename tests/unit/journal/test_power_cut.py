"""The power is cut at any moment: the files are as they were on the disk then, and the next life goes on.

Commits are synced one by one, so what a cut can tear is what came after the last of them: the end of the
write-ahead log, or pages that were just being copied from the log into the file.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from edged.journal.file import JournalFile
from edged.journal.reader import Wanted, read_records
from tests.unit.exposition.facts import ENERGY, measurement
from tests.unit.journal.records import LIFE, batch, journal

NAME = "j.db"
KEY = ("edged_measurements_total", frozenset({("model", "a")}))
PAGE = 4_096


def written(directory: Path, batches: int) -> JournalFile:
    """A journal after so many commits, never closed; each has one measurement more and counts it."""
    file = journal(directory / NAME)
    file.resume()
    for number in range(1, batches + 1):
        made = measurement(rails={"big": ENERGY}, load_s=float(number))
        assert file.write(batch(made, counters={KEY: number}))
    return file


def goes_on(path: Path) -> int:
    """The next life has as many measurements as it counts, and can write; returns how many."""
    file = journal(path, replace(LIFE, start_ns=6))
    counters = file.resume().counters
    loads_s = [record.measurement.load_s for record in read_records(path, Wanted())]
    count = round(counters.get(KEY, 0))
    assert loads_s == [float(number) for number in range(1, count + 1)]
    assert file.write(batch(measurement(), counters=counters))
    file.close()
    assert file.state.failures == 0
    assert not list(path.parent.glob("*damaged*"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return count


@given(st.integers(1, 12), st.floats(0, 1), st.binary(max_size=PAGE))
@settings(max_examples=40)
def test_a_log_torn_anywhere_loses_only_what_was_after_the_tear(
    batches: int, where: float, garbage: bytes
) -> None:
    with tempfile.TemporaryDirectory() as name:
        running, cut = Path(name, "running"), Path(name, "cut")
        file = written(running, batches)
        shutil.copytree(running, cut)
        file.close()
        log = cut / f"{NAME}-wal"
        content = log.read_bytes()
        at = round(where * len(content))
        log.write_bytes(content[:at] + garbage[: len(content) - at])
        (cut / f"{NAME}-shm").unlink()
        count = goes_on(cut / NAME)
        assert count <= batches
        if at == len(content):
            assert count == batches


@given(st.integers(1, 12), st.booleans())
@settings(max_examples=10)
def test_the_last_commit_is_there_with_the_log_and_without_the_log_the_file_is_sound(
    batches: int, lost: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        running, cut = Path(name, "running"), Path(name, "cut")
        file = written(running, batches)
        shutil.copytree(running, cut)
        file.close()
        for ending in ("-shm", "-wal") if lost else ("-shm",):
            (cut / f"{NAME}{ending}").unlink()
        assert goes_on(cut / NAME) == (0 if lost else batches)


@given(st.integers(1, 40), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_a_cut_while_the_log_is_folded_into_the_file_loses_nothing(batches: int, chance: Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        running, cut = Path(name, "running"), Path(name, "cut")
        file = written(running, batches)
        shutil.copytree(running, cut)
        assert file._connection is not None
        file._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        before, after = (cut / NAME).read_bytes(), (running / NAME).read_bytes()
        file.close()
        # Some pages have been copied, some not, and one only in part.
        pages = [(chance.choice((before, after)))[at : at + PAGE] for at in range(0, len(after), PAGE)]
        torn = chance.randrange(len(pages))
        pages[torn] = after[torn * PAGE : torn * PAGE + PAGE // 2] + b"\xa5" * (PAGE // 2)
        pages = [page.ljust(PAGE, b"\0") for page in pages]
        # The first page is in the log: its frame is what counts, but SQLite looks at this header first.
        pages[0] = before[:PAGE] or after[:PAGE]
        (cut / NAME).write_bytes(b"".join(pages))
        (cut / f"{NAME}-shm").unlink()
        assert goes_on(cut / NAME) == batches
