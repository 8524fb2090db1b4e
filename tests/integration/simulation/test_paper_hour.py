"""The paper's experiment, whole: 16 cases of 100 inferences with 2 s of pause, an hour of virtual time."""

from collections.abc import Iterator

import pytest

from edged import paper
from edged.inference.zoo import mobilenet_name
from tests.unit.simulation.boards import SECOND, Bench, MakeBench, a_job, outcome_of

CPU = {"little": 3, "big": 7}


@pytest.fixture(scope="module")
def xu4(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    make = MakeBench()
    yield make(tmp_path_factory.mktemp("xu4"), "xu4")
    make.close()


def test_the_papers_hour_replays_with_the_figures_of_table_ii(xu4: Bench) -> None:
    workers = xu4.workers()
    busy_s = 0.0
    for (alpha, precision, cluster), fps in paper.TABLE_II.items():
        job = a_job(mobilenet_name(alpha, precision), (CPU[cluster],), runs=100, pause_s=2.0, guard_s=2.0)
        outcome = outcome_of(workers.start(job))
        assert len(outcome.counted) == 100
        assert 1.0 / outcome.mean_latency_s == pytest.approx(fps, rel=0.002)
        busy_s += 100 * outcome.mean_latency_s
    assert busy_s == pytest.approx(404.0, rel=0.005)  # claims.md, P1
    assert xu4.clock.monotonic_ns() / SECOND == pytest.approx(3600.0, rel=0.02)
    assert xu4.board.soc.devices["cpufreq-cpu4"].transitions == 0  # never throttled
