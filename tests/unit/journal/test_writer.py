"""When the journal is written, and when counters may be shown."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from edged.board.parts import Board
from edged.clock import NS_PER_S
from edged.journal.batch import Batch
from edged.journal.counters import Counters
from edged.journal.episodes import Episode, EpisodeFinder
from edged.journal.reader import Wanted, counters_of, read_records, reading
from edged.journal.writer import JournalWriter
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import Throttling
from edged.simulation.clock import VirtualClock
from tests.unit.exposition.facts import BOARD, ENERGY, measurement
from tests.unit.journal.records import BOUNDS, journal

NOW_S = 1_700_000_000.0


class Counting:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.taken = 0
        self.shown = 0

    def take(self) -> Counters:
        self.taken += 1
        return {("asked_total", frozenset()): self.taken}

    def kept(self) -> None:
        self.shown = self.taken


def throttled(start_s: float, end_s: float, state: int) -> Conditions:
    empty: dict[Any, Any] = {}
    states = {"cpufreq-cpu4": state}
    return Conditions(round(start_s * NS_PER_S), round(end_s * NS_PER_S), empty, empty, empty, states, empty)


def writer_on(path: Path, board: Board = BOARD) -> tuple[JournalWriter, Counting, VirtualClock, Throttling]:
    counting, clock, throttling = Counting(), VirtualClock(), Throttling(board)
    episodes = EpisodeFinder(throttling, [cluster.name for cluster in board.clusters], 0)
    return JournalWriter(journal(path), counting, episodes, clock), counting, clock, throttling


def count(path: Path) -> int:
    return len(list(read_records(path, Wanted())))


def counters_in(path: Path) -> Counters:
    with reading(path) as connection:
        return counters_of(connection)


def test_a_measurement_is_written_at_the_next_step_and_counters_every_10_s(tmp_path: Path) -> None:
    writer, counting, clock, _ = writer_on(tmp_path / "j.db")
    clock.run_until(writer.step())
    assert counting.shown == 1
    writer.finished(measurement())
    clock.run_until(writer.step())
    assert (counting.shown, count(tmp_path / "j.db")) == (2, 1)
    begin_ns = clock.monotonic_ns()
    while counting.shown == 2:
        clock.run_until(writer.step())
    assert 9 * NS_PER_S < clock.monotonic_ns() - begin_ns < 11 * NS_PER_S


def test_what_cannot_be_written_waits_within_bounds_and_counters_are_shown_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / "state").write_text("no directory")
    path = tmp_path / "state/j.db"
    writer, counting, clock, _ = writer_on(path)
    for _ in range(600):
        writer.finished(measurement())
        clock.run_until(writer.step())
    assert counting.shown == counting.taken == 600
    assert writer._file.state.failures == 600 + 600 - 512
    (tmp_path / "state").unlink()
    writer.close()
    assert count(path) == 512


def test_all_that_has_waited_gets_into_the_smallest_journal_though_it_is_full(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    writer, counting, clock, _ = writer_on(path)
    # As the kernel's own chips have it: each part of the uncertainty, four rails.
    parts = {f"part number {number}": 0.000123456789 * number for number in range(1, 10)}
    rails = dict.fromkeys(("big", "little", "gpu", "mem"), replace(ENERGY, components_j=parts))
    for times in range(4):
        for number in range(512):
            writer.finished(measurement(rails=rails, finished_wall_s=NOW_S + 512 * times + number))
        clock.run_until(writer.step())
        assert writer._file.state.failures == 0
    writer.close()
    assert path.stat().st_size <= BOUNDS.max_bytes
    newest = [record.measurement.finished_wall_s for record in read_records(path, Wanted())]
    assert newest == [NOW_S + 2048 - len(newest) + number for number in range(len(newest))]
    assert len(newest) > 200
    assert counters_in(path) == {("asked_total", frozenset()): counting.taken}


def test_counters_come_with_the_last_of_the_measurements_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    writer, counting, clock, _ = writer_on(path)
    clock.run_until(writer.step())
    write, tries = writer._file.write, iter([True, False])

    def at_first(batch: Batch) -> bool:
        return next(tries) and write(batch)

    writer._file.write = at_first  # type: ignore[method-assign]
    for _ in range(40):
        writer.finished(measurement())
    writer.step()
    assert (count(path), counting.taken) == (16, 2)
    assert counters_in(path) == {("asked_total", frozenset()): 1}
    writer._file.write = write  # type: ignore[method-assign]
    writer.close()
    assert count(path) == 40
    assert counters_in(path) == {("asked_total", frozenset()): 3}


def test_the_end_writes_what_is_left(tmp_path: Path) -> None:
    writer, counting, _, _ = writer_on(tmp_path / "j.db")
    writer.finished(measurement())
    writer.close()
    assert (counting.shown, count(tmp_path / "j.db")) == (1, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["j.db", "j.db.lock"]


def test_throttled_intervals_that_touch_are_one_episode() -> None:
    throttling = Throttling(BOARD)
    finder = EpisodeFinder(throttling, ["little", "big"], 0)
    for start_s, state in ((0, 0), (1, 2), (2, 2), (3, 0), (4, 0), (5, 1)):
        throttling.add(throttled(start_s, start_s + 1, state))
    second = NS_PER_S
    assert finder.find(6 * second) == [
        Episode("big", 1 * second, 4 * second),
        Episode("big", 5 * second, 6 * second),
    ]
    assert finder.find(6 * second) == []
    throttling.add(throttled(6, 7, 3))
    assert finder.find(7 * second) == [Episode("big", 5 * second, 7 * second)]
