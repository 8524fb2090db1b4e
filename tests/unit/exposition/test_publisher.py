"""How snapshots come about."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from edged.board.sysfs import Sysfs
from edged.clock import NS_PER_S
from edged.exposition.ledger import Ledger
from edged.exposition.ledger_watcher import LedgerWatcher
from edged.exposition.model_facts import model_facts
from edged.exposition.publisher import Publisher, Sources
from edged.inference.job import Finished, Inferences, Loaded
from edged.sampling.conditions import Conditions
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import Throttling
from edged.sampling.trace import Trace
from tests.unit.exposition.facts import BOARD, ON_BIG, OWN, SMALL, SNAPSHOT, inferences, measurement
from tests.unit.exposition.test_board_families import CONDITIONS, RAIL, account

if TYPE_CHECKING:
    from edged.measurement.run import Run


class StillClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now_ns = 7 * NS_PER_S

    def monotonic_ns(self) -> int:
        return self.now_ns

    def wall_s(self) -> float:
        return 1_700_000_000.0

    def sleep(self, duration_s: float) -> None:
        raise AssertionError(duration_s)


def sources(root: Path, rails: tuple[RailAccount, ...] = ()) -> Sources:
    little, big = BOARD.clusters
    board = replace(BOARD, clusters=(little, replace(big, policy="sys/policy4", time_in_state=True)))
    return Sources(
        build=SNAPSHOT.build,
        board=lambda: board,
        sysfs=Sysfs(root),
        simulated=False,
        models=lambda: (),
        ledger=Ledger([ON_BIG]),
        conditions=Trace[Conditions](4),
        throttling=Throttling(board),
        rejected_temperatures=lambda: {"cpu0-thermal": 1},
        rails=rails,
    )


def test_a_snapshot_is_there_before_the_first_step(tmp_path: Path) -> None:
    snapshot = Publisher(sources(tmp_path), StillClock()).latest()
    assert (snapshot.at_ns, snapshot.conditions, len(snapshot.cases)) == (7 * NS_PER_S, None, 1)


def test_each_step_publishes_what_has_happened_and_leaves_older_snapshots_alone(tmp_path: Path) -> None:
    given, clock = sources(tmp_path, rails=(account(),)), StillClock()
    publisher = Publisher(given, clock)
    before = publisher.latest()
    given.ledger.apply(measurement())
    given.conditions.append(CONDITIONS)
    given.throttling.add(CONDITIONS)
    given.rails[0].unobserved_until(2_000 * NS_PER_S)
    clock.now_ns += NS_PER_S
    assert publisher.latest() is before
    assert publisher.step() == clock.now_ns + NS_PER_S
    after = publisher.latest()
    assert (before.cases[0].valid, after.cases[0].valid) == (0, 1)
    assert (before.conditions, after.conditions) == (None, CONDITIONS)
    assert (before.throttling["big"].throttled, after.throttling["big"].throttled) == (False, True)
    assert before.rails[0].totals.unobserved_ns < after.rails[0].totals.unobserved_ns
    assert after.rails[0].rail == RAIL
    assert after.rejected_temperatures == {"cpu0-thermal": 1}


def test_time_at_each_clock_is_read_where_the_kernel_counts_it(tmp_path: Path) -> None:
    stats = tmp_path / "sys/policy4/stats"
    stats.mkdir(parents=True)
    (stats / "time_in_state").write_text("200000 5\n2000000 7\n")
    times = Publisher(sources(tmp_path), StillClock()).latest().time_in_state_ns
    assert times == {"big": {200_000_000: 50_000_000, 2_000_000_000: 70_000_000}}


def test_a_counter_of_the_kernel_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    assert Publisher(sources(tmp_path), StillClock()).latest().time_in_state_ns == {}


def test_models_are_told_with_the_facts_of_their_files(tmp_path: Path) -> None:
    path = tmp_path / "small.tflite"
    path.write_bytes(b"12345")
    small = replace(SMALL, path=path)
    there, missing = model_facts([small, replace(OWN, path=tmp_path / "none.tflite")])
    assert there.file is not None
    assert there.file.size_bytes == 5
    assert missing.file is None


def test_inferences_are_counted_while_a_sweep_runs() -> None:
    ledger = Ledger([ON_BIG])
    watcher = LedgerWatcher(ledger)
    run = cast("Run", SimpleNamespace(case=ON_BIG))
    watcher.running(run, [Loaded("e", "1", "none", 1, 0.1), Inferences(inferences(0.1)), Finished(1)])
    watcher.running(run, [Inferences(inferences(0.2))])
    watcher.running(run, [])
    (case,) = ledger.accounts.values()
    assert sum(case.latencies.counts) == 2
    watcher.finished(measurement())
    (case,) = ledger.accounts.values()
    assert (sum(case.latencies.counts), case.valid) == (2, 1)
