"""When the journal is written, and when counters may be shown."""

from pathlib import Path
from typing import Any

from edged.board.parts import Board
from edged.clock import NS_PER_S
from edged.journal.counters import Counters
from edged.journal.episodes import Episode, EpisodeFinder
from edged.journal.reader import Wanted, read_records
from edged.journal.writer import JournalWriter
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import Throttling
from edged.simulation.clock import VirtualClock
from tests.unit.exposition.facts import BOARD, measurement
from tests.unit.journal.records import journal


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
