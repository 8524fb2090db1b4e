"""How much the journal keeps."""

from pathlib import Path

import pytest

from edged.journal.episodes import Episode
from edged.journal.reader import Wanted, read_records
from edged.journal.retention import Bounds
from tests.unit.exposition.facts import ENERGY, measurement
from tests.unit.journal.records import batch, journal

DAY_S = 86_400.0
NOW_S = 1_700_000_000.0


def walls_s(path: Path) -> list[float]:
    return [record.measurement.finished_wall_s for record in read_records(path, Wanted())]


def test_the_file_stays_within_its_size_and_the_newest_stay_in_it(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    bounds = Bounds(300_000, 400.0)
    file = journal(path, bounds=bounds)
    rails = dict.fromkeys(("big", "little", "gpu", "mem"), ENERGY)
    for number in range(60):
        made = [measurement(rails=rails, finished_wall_s=NOW_S + number)] * 20
        assert file.write(batch(*made, wall_s=NOW_S + number))
        assert path.stat().st_size <= bounds.max_bytes
    file.close()
    assert file.state.failures == 0
    left_s = walls_s(path)
    assert left_s[-1] == NOW_S + 59
    assert 100 < len(left_s) < 1_200
    assert left_s == sorted(left_s)


def test_a_file_that_is_larger_than_a_new_bound_is_brought_within_it_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    rails = dict.fromkeys(("big", "little", "gpu", "mem"), ENERGY)
    file = journal(path, bounds=Bounds(8 << 20, 400.0))
    assert file.write(batch(*[measurement(rails=rails, finished_wall_s=NOW_S)] * 1_200))
    file.close()
    assert path.stat().st_size > 600_000
    file = journal(path, bounds=Bounds(300_000, 400.0))
    assert file.write(batch(measurement(rails=rails, finished_wall_s=NOW_S + 1)))
    file.close()
    assert path.stat().st_size <= 300_000
    assert 100 < len(walls_s(path)) < 600
    assert walls_s(path)[-1] == NOW_S + 1


def test_all_room_of_what_has_left_goes_back_to_the_file_system(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db", bounds=Bounds(1 << 20, 400.0))
    assert file.write(batch(*[measurement(finished_wall_s=NOW_S)] * 400))
    connection = file._open()
    connection.execute("DELETE FROM measurements")
    assert connection.execute("PRAGMA freelist_count").fetchone()[0] > 10
    assert file.write(batch(measurement(finished_wall_s=NOW_S)))
    assert connection.execute("PRAGMA freelist_count").fetchone()[0] == 0


def test_what_is_too_old_leaves_as_new_measurements_come(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db", bounds=Bounds(1 << 20, 30.0))
    for days in (40, 35, 31, 20):
        file.write(batch(measurement(finished_wall_s=NOW_S - days * DAY_S), wall_s=NOW_S - days * DAY_S))
    for at_s in (0.0, DAY_S, DAY_S + 1):
        file.write(batch(measurement(finished_wall_s=NOW_S + at_s), wall_s=NOW_S + at_s, at_s=at_s))
    assert walls_s(tmp_path / "j.db") == [NOW_S - 20 * DAY_S, NOW_S, NOW_S + DAY_S, NOW_S + DAY_S + 1]


@pytest.mark.parametrize("wrong_s", [1_360_000_000.0, 2_500_000_000.0], ids=["2013", "2049"])
def test_a_clock_that_is_years_wrong_for_a_while_takes_nothing_with_it(
    tmp_path: Path, wrong_s: float
) -> None:
    file = journal(tmp_path / "j.db", bounds=Bounds(1 << 20, 30.0))
    file.write(batch(*[measurement(finished_wall_s=NOW_S)] * 50, wall_s=NOW_S, at_s=0))
    for hour in range(24):
        at_s = 3_600.0 * (hour + 1)
        file.write(batch(measurement(finished_wall_s=wrong_s + at_s), wall_s=wrong_s + at_s, at_s=at_s))
    file.write(
        batch(measurement(finished_wall_s=NOW_S + DAY_S), wall_s=NOW_S + DAY_S + 3_600, at_s=DAY_S + 3_600)
    )
    assert len(walls_s(tmp_path / "j.db")) == 50 + 24 + 1


def test_a_clock_that_stays_wrong_takes_little_with_it(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db", bounds=Bounds(1 << 20, 30.0))
    file.write(batch(*[measurement(finished_wall_s=NOW_S)] * 50, wall_s=NOW_S, at_s=0))
    for day in (1, 2, 3):
        wall_s = 2_500_000_000.0 + day * DAY_S
        file.write(batch(measurement(finished_wall_s=wall_s), wall_s=wall_s, at_s=day * DAY_S))
    assert len(walls_s(tmp_path / "j.db")) == 50 + 3 - 2 * 2


def test_throttle_episodes_are_bounded_too(tmp_path: Path) -> None:
    file = journal(tmp_path / "j.db", bounds=Bounds(8 << 20, 30.0))
    file.write(batch(measurement(), episodes=tuple(Episode("big", i, i) for i in range(10_005))))
    connection = file._open()
    assert connection.execute("SELECT count(*) FROM throttle_episodes").fetchone()[0] == 10_000
