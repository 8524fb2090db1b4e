"""What was made before the board's clock was set is found by when it really was."""

from dataclasses import replace
from pathlib import Path

import pytest

from edged.clock import NS_PER_S
from edged.journal.episodes import Episode
from edged.journal.history import read_episodes, read_lives
from edged.journal.life import Life
from edged.journal.reader import Wanted, read_records
from tests.unit.exposition.facts import measurement
from tests.unit.journal.records import LIFE, batch, journal

UNSET_S, REAL_S = 1_370_000_000.0, 1_800_000_000.0  # of the boot's first moment: 2013 and 2027


def a_life(path: Path, life: Life, *ends: tuple[float, float]) -> None:
    """Written 100 s after its boot, while the clock was not set.

    With a measurement for each of (monotonic, wall) seconds of an end.
    """
    file = journal(path, life)
    file.resume()
    made = [measurement(end_ns=round(at_s * NS_PER_S), finished_wall_s=wall_s) for at_s, wall_s in ends]
    episode = Episode("big", round(9 * NS_PER_S), round(10 * NS_PER_S))
    assert file.write(replace(batch(*made, episodes=(episode,)), wall_s=UNSET_S + 100))
    file.close()


def ends_s(path: Path, since_s: float) -> list[float]:
    records = read_records(path, Wanted(since_wall_s=since_s))
    return [record.measurement.end_ns / NS_PER_S for record in records]


def test_a_measurement_before_the_clock_was_set_counts_by_a_later_one_of_its_boot(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    life = replace(LIFE, start_wall_s=UNSET_S)
    a_life(path, life, (60, UNSET_S + 60), (120, UNSET_S + 120), (600, REAL_S + 600))
    assert ends_s(path, REAL_S + 100) == [120, 600]
    assert ends_s(path, REAL_S + 601) == []
    assert ends_s(path, 0) == [60, 120, 600]


def test_a_later_start_of_the_same_boot_tells_it_too(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    a_life(path, replace(LIFE, start_wall_s=UNSET_S), (60, UNSET_S + 60))
    assert ends_s(path, REAL_S) == []
    a_life(path, replace(LIFE, start_ns=900 * NS_PER_S, start_wall_s=REAL_S + 900))
    assert ends_s(path, REAL_S) == [60]
    assert ends_s(path, REAL_S + 61) == []


def test_another_boot_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    a_life(path, replace(LIFE, start_wall_s=UNSET_S), (60, UNSET_S + 60))
    a_life(path, replace(LIFE, boot_id="other", start_wall_s=REAL_S + 900), (950, REAL_S + 950))
    assert ends_s(path, REAL_S) == [950]
    assert ends_s(path, UNSET_S) == [60, 950]


@pytest.mark.parametrize(("since_s", "found"), [(REAL_S, 1), (REAL_S + 11, 0)])
def test_episodes_and_starts_are_found_in_the_same_way(tmp_path: Path, since_s: float, found: int) -> None:
    path = tmp_path / "j.db"
    life = replace(LIFE, start_ns=10 * NS_PER_S, start_wall_s=UNSET_S + 10)
    a_life(path, life, (600, REAL_S + 600))
    assert len(list(read_lives(path, since_s))) == len(list(read_episodes(path, since_s))) == found
    assert len(list(read_lives(path, None))) == len(list(read_episodes(path, None))) == 1
