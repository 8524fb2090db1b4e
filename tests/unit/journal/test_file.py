"""The journal's file: what goes in comes out, and whatever happens to it, nothing raises."""

import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.errors import EdgedError
from edged.inference.model import Model
from edged.journal.episodes import Episode
from edged.journal.reader import Wanted, read_records
from edged.journal.schema import APPLICATION_ID, STEPS
from edged.measurement.result import Case, Measurement
from edged.measurement.verdict import Reason
from tests.unit.exposition.facts import ENERGY, ON_BIG, measurement, rejected
from tests.unit.journal.records import LIFE, batch, journal, kept, measurements

ALL = Wanted()
COUNTERS = {("edged_inferences_total", frozenset({("model", "a")})): 7}


def read(path: Path, wanted: Wanted = ALL) -> list[Measurement]:
    return [record.measurement for record in read_records(path, wanted)]


@given(st.lists(measurements, max_size=4))
@settings(max_examples=30)
def test_what_is_written_is_read_back_exactly(written: list[Measurement]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "deep/er/journal.db"
        file = journal(path)
        file.resume()
        assert file.write(batch(*written))
        records = list(read_records(path, ALL))
        file.close()
        assert file.state.failures == 0
    assert [record.measurement for record in records] == written
    assert {record.life for record in records} <= {LIFE}


def test_a_path_that_is_no_text_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    odd = Case(Model("m", Path("\udcff.tflite"), "", "fp32", "trained"), "big")
    file = journal(tmp_path / "j.db")
    assert file.write(batch(measurement(odd), measurement()))
    assert len(read(tmp_path / "j.db")) == 2


def test_the_next_life_finds_counters_and_the_last_valid_measurement_of_each_case(tmp_path: Path) -> None:
    first = journal(tmp_path / "j.db")
    assert first.resume().counters == {}
    newest = measurement(rails={"big": ENERGY}, load_s=2.0)
    other = measurement(replace(ON_BIG, cpu_cluster="little"))
    first.write(batch(measurement(load_s=1.0), newest, other, rejected(Reason.UNSTEADY), counters=COUNTERS))
    first._lock.release()  # and no close: the first life was killed
    resumed = journal(tmp_path / "j.db", replace(LIFE, start_ns=6)).resume()
    assert resumed.counters == COUNTERS
    assert resumed.last_valid == (kept(newest), kept(other))


def test_a_life_is_noted_with_its_end(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db")
    file.resume()
    file.write(batch(last=True))
    file.close()
    rows = sqlite3.connect(tmp_path / "j.db").execute("SELECT boot_id, start_ns, stop_ns, board FROM starts")
    assert rows.fetchall() == [("b00t", 5, 100_000_000_000, LIFE.board)]


def test_an_episode_that_goes_on_is_one_row(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db")
    for end_ns in (2, 3):
        file.write(batch(episodes=(Episode("big", 1, end_ns), Episode("little", 1, 9))))
    rows = sqlite3.connect(tmp_path / "j.db").execute(
        "SELECT cpu_cluster, start_ns, end_ns FROM throttle_episodes ORDER BY cpu_cluster"
    )
    assert rows.fetchall() == [("big", 1, 3), ("little", 1, 9)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ALL, [0, 1, 2, 3]),
        (Wanted(models=("mobilenet*",)), [0, 1, 2, 3]),
        (Wanted(models=("door",)), []),
        (Wanted(cpu_clusters=("little", "mid")), [3]),
        (Wanted(valid=True), [0, 3]),
        (Wanted(valid=False), [1, 2]),
        (Wanted(reason=Reason.COVERAGE), [2]),
        (Wanted(since_wall_s=2e9), [3]),
        (Wanted(cpu_clusters=("big",), valid=True, since_wall_s=0), [0]),
    ],
)
def test_only_what_is_wanted_is_read(tmp_path: Path, wanted: Wanted, found: list[int]) -> None:
    written = [
        measurement(),
        rejected(Reason.THROTTLED),
        rejected(Reason.UNSTEADY, Reason.COVERAGE),
        measurement(replace(ON_BIG, cpu_cluster="little"), finished_wall_s=2e9),
    ]
    journal(tmp_path / "j.db").write(batch(*written))
    assert read(tmp_path / "j.db", wanted) == [kept(written[index]) for index in found]


@pytest.mark.parametrize(
    ("damage", "called"),
    [
        (lambda path: path.write_bytes(b"garbage" * 1000), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:5_000]), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xa5" * 60_000), "damaged"),
        (lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 99").connection.close(), "newer"),
        (
            lambda path: sqlite3.connect(path).execute("PRAGMA application_id = 1").connection.close(),
            "damaged",
        ),
    ],
    ids=["garbage", "truncated", "overwritten", "newer", "another-program's"],
)
def test_a_file_that_cannot_be_gone_on_with_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, damage: object, called: str
) -> None:
    path = tmp_path / "j.db"
    before = journal(path)
    before.write(batch(*[measurement()] * 20, counters=COUNTERS))
    before.close()
    assert callable(damage)
    damage(path)
    harmed = path.read_bytes()
    file = journal(path)
    file.resume()
    file.write(batch(measurement()))
    assert file.write(batch(measurement()))
    assert (tmp_path / f"j.db.{called}-1").read_bytes() == harmed
    assert file.state.failures >= 1
    assert 1 <= len(read(path)) <= 2


def test_a_file_that_lacks_a_table_is_set_aside_when_that_is_found(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    before = journal(path)
    before.write(batch(measurement()))
    before.close()
    sqlite3.connect(path).execute("DROP TABLE counters").connection.close()
    file = journal(path)
    assert file.resume().counters == {}
    assert file.write(batch(measurement()))
    assert len(list(tmp_path.glob("j.db.damaged-1"))) == 1


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "j.db").write_bytes(b"%d" % number * 5000)
        file = journal(tmp_path / "j.db")
        assert file.write(batch())
        file.close()
    assert (tmp_path / "j.db.damaged-1").read_bytes() == b"1" * 5000
    assert (tmp_path / "j.db.damaged-2").read_bytes() == b"2" * 5000


@given(st.binary(max_size=300), st.integers(0, 1 << 16))
@settings(max_examples=25)
def test_no_bytes_in_the_file_stop_the_journal(garbage: bytes, at: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "j.db"
        before = journal(path)
        before.write(batch(*[measurement()] * 20))
        before.close()
        content = bytearray(path.read_bytes())
        at %= len(content)
        content[at : at + len(garbage)] = garbage
        path.write_bytes(content)
        file = journal(path)
        file.resume()
        assert any(file.write(batch(measurement())) for _ in range(2))
        file.close()


@pytest.mark.parametrize("remove", [Path.unlink, lambda path: shutil.rmtree(path.parent)])
def test_a_journal_that_was_removed_is_begun_anew_and_that_is_counted(tmp_path: Path, remove: object) -> None:
    path = tmp_path / "state/j.db"
    file = journal(path)
    file.write(batch(measurement()))
    assert callable(remove)
    remove(path)
    assert file.write(batch(measurement(load_s=3.0), counters=COUNTERS))
    assert [m.load_s for m in read(path)] == [3.0]
    assert file.state.failures == 1


def test_where_nothing_can_be_written_each_try_is_counted_and_a_later_one_succeeds(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    file = journal(tmp_path / "state/j.db")
    assert file.resume().counters == {}
    assert not file.write(batch(measurement()))
    assert file.state.failures == 2
    (tmp_path / "state").unlink()
    assert file.write(batch(measurement()))
    assert file.state.size_bytes > 4_096


@contextmanager
def files_no_longer_than(size_bytes: int) -> Iterator[None]:
    """To a process, a limit of file size is a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_nothing_that_is_written_and_the_rest_waits(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db")
    assert file.write(batch(measurement(load_s=1.0), counters=COUNTERS))
    with files_no_longer_than(1_024):
        assert not file.write(batch(*[measurement(load_s=2.0)] * 50))
    assert file.state.failures >= 1
    assert file.write(batch(measurement(load_s=3.0), counters=COUNTERS))
    assert [m.load_s for m in read(tmp_path / "j.db")] == [1.0, 3.0]
    assert not list(tmp_path.glob("*damaged*"))


def test_results_can_be_read_where_the_directory_may_not_be_written(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db")
    file.write(batch(measurement()))
    file.close()
    (tmp_path / "j.db").chmod(0o444)
    tmp_path.chmod(0o555)
    assert len(read(tmp_path / "j.db")) == 1
    tmp_path.chmod(0o755)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["j.db", "j.db.lock"]


def test_a_daemon_that_changes_the_file_while_it_is_read_without_locks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    file = journal(path)
    assert file.write(batch(*[measurement()] * 50))
    file.close()
    read = read_records(path, Wanted())
    next(read)
    file = journal(path)
    assert file.write(batch(measurement()))
    file.close()
    with pytest.raises(EdgedError, match="began to write the journal while it was read"):
        list(read)
    assert len(list(read_records(path, Wanted()))) == 51


def test_a_daemon_that_has_changed_nothing_but_its_log_yet_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    file = journal(path)
    assert file.write(batch(*[measurement()] * 50))
    file.close()
    read = read_records(path, Wanted())
    next(read)
    assert file.write(batch(measurement()))
    assert len(list(read)) == 49
    file.close()


def test_reading_says_why_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="there is no journal"):
        read(tmp_path / "j.db")
    (tmp_path / "j.db").write_bytes(b"no journal" * 500)
    with pytest.raises(EdgedError, match="cannot be read: file is not a database"):
        read(tmp_path / "j.db")


def test_where_only_a_simulated_board_was_measured_its_journal_is_named(tmp_path: Path) -> None:
    with pytest.raises(EdgedError) as nothing:
        read(tmp_path / "j.db")
    assert nothing.value.remedy == "edged run writes one"
    written = journal(tmp_path / "j.db.xu3-replay")
    written.write(batch(measurement()))
    written.close()
    (tmp_path / "j.db.gone.lock").touch()
    with pytest.raises(EdgedError) as simulated:
        read(tmp_path / "j.db")
    assert simulated.value.remedy == "beside it is that of a simulated board: --simulated xu3-replay"


def test_a_file_of_version_1_is_brought_up_to_date_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    now = journal(path)
    now.write(batch(measurement(rails={"big": ENERGY}), measurement(load_s=4.0)))
    now.close()
    old = sqlite3.connect(path)
    old.executescript("DROP TABLE counters; DROP TABLE throttle_episodes; PRAGMA user_version = 1; VACUUM")
    old.close()
    with pytest.raises(EdgedError, match="of another version"):
        read(path)
    file = journal(path)
    resumed = file.resume()
    assert (resumed.counters, len(resumed.last_valid)) == ({}, 1)
    assert file.write(batch(counters=COUNTERS, episodes=(Episode("big", 1, 2),)))
    assert read(path) == [kept(measurement(rails={"big": ENERGY})), kept(measurement(load_s=4.0))]
    assert file.state.failures == 0


def test_each_version_leads_to_the_newest(tmp_path: Path) -> None:
    for version in range(1, len(STEPS) + 1):
        path = tmp_path / f"{version}.db"
        old = sqlite3.connect(path)
        old.executescript(
            "".join(STEPS[:version])
            + f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}"
        )
        old.close()
        file = journal(path)
        assert file.write(batch(measurement(), counters=COUNTERS))
        assert file.state.failures == 0
