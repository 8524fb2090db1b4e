from pathlib import Path

import pytest

from edged import paper
from edged.inference.job import Failed, Finished
from edged.inference.zoo import mobilenet_name
from edged.simulation.scenario import Scenario
from tests.unit.simulation.boards import SECOND, MakeBench, a_job, outcome_of

CASES = [
    (alpha, precision, cluster)
    for alpha in paper.ALPHAS
    for precision in paper.PRECISIONS
    for cluster in paper.CLUSTERS
]
CPU = {"little": 3, "big": 7}


@pytest.mark.parametrize(("alpha", "precision", "cluster"), CASES)
def test_a_cool_board_runs_at_the_speed_of_table_ii(
    bench: MakeBench, alpha: str, precision: str, cluster: str, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path)
    job = a_job(mobilenet_name(alpha, precision), (CPU[cluster],), runs=20, pause_s=1.0)
    outcome = outcome_of(xu3.workers().start(job))
    fps = paper.frames_per_second(alpha, precision, cluster)
    assert len(outcome.counted) == 20
    assert 1.0 / outcome.mean_latency_s == pytest.approx(fps, rel=0.005)


def test_a_worker_keeps_to_the_order_of_a_real_one(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    outcome = outcome_of(xu3.workers().start(a_job(runs=3, pause_s=2.0, guard_s=1.5)))
    assert outcome.loaded is not None
    assert (outcome.loaded.engine, outcome.loaded.delegate, outcome.loaded.threads) == ("replay", "none", 1)
    warmup, *counted = outcome.inferences
    assert warmup.warmup
    assert warmup.start_ns == pytest.approx(outcome.loaded.load_s * 1e9, abs=2)
    assert warmup.latency_s > 1.1 * outcome.mean_latency_s  # the first run is slower
    gaps_s = [
        (after.start_ns - before.end_ns) / 1e9
        for before, after in zip(outcome.inferences, counted, strict=False)
    ]
    assert gaps_s == pytest.approx([1.5, 2.0, 2.0])
    assert isinstance(outcome.ending, Finished)
    assert xu3.clock.monotonic_ns() == counted[-1].end_ns + 1.5 * SECOND
    assert all(inference.cpu_ns == inference.end_ns - inference.start_ns for inference in outcome.inferences)


def test_min_busy_time_is_filled(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    job = a_job(runs=2)
    longer = type(job)(**{name: getattr(job, name) for name in job.__slots__} | {"min_busy_s": 1.0})
    outcome = outcome_of(xu3.workers().start(longer))
    assert sum(inference.latency_s for inference in outcome.counted) >= 1.0
    assert sum(inference.latency_s for inference in outcome.counted[:-1]) < 1.0


def test_the_truth_of_an_inference_is_its_latency_times_the_busy_power(
    bench: MakeBench, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path)
    outcome = outcome_of(xu3.workers().start(a_job("mobilenet_v1_1.0_224", runs=5, pause_s=2.0)))
    for inference in outcome.counted:
        truth = xu3.board.truth(inference.start_ns, inference.end_ns)
        assert truth["big"].net_j == pytest.approx(1.7 * inference.latency_s, rel=1e-6)
        around = xu3.board.truth(inference.start_ns - SECOND // 2, inference.end_ns + SECOND // 2)
        assert around["big"].net_j == pytest.approx(truth["big"].net_j, rel=1e-9)


def test_a_throttled_board_infers_more_slowly(bench: MakeBench, tmp_path: Path) -> None:
    hot = bench(tmp_path, scenario=Scenario(ambient_c=62.0, fan_works=False))
    outcome = outcome_of(hot.workers().start(a_job(runs=400)))
    assert hot.board.soc.policies["big"].point.frequency_khz < 2_000_000
    khz = hot.board.soc.policies["big"].point.frequency_khz
    newest = outcome.counted[-1].latency_s
    assert newest == pytest.approx(1 / 43.86 * 2_000_000 / khz, rel=0.03)


def test_a_neighbour_on_the_cpu_shows_in_wall_time_but_not_in_cpu_time(
    bench: MakeBench, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path)
    xu3.board.set_foreign(7, 1.0)
    outcome = outcome_of(xu3.workers().start(a_job(runs=5)))
    for inference in outcome.counted:
        assert inference.latency_s == pytest.approx(2 / 43.86, rel=0.02)
        assert inference.cpu_ns / 1e9 == pytest.approx(1 / 43.86, rel=0.02)


def test_two_threads_keep_two_cores_busy(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    worker = xu3.workers().start(a_job("mobilenet_v1_1.0_224", (6, 7), threads=2, runs=5))
    worker.wait(0.25)
    worker.wait(0.05)
    assert xu3.power_w("big") > 3.4


def test_the_same_seed_gives_the_same_inferences(bench: MakeBench, tmp_path: Path) -> None:
    runs = []
    for run, seed in enumerate((5, 5, 6)):
        xu3 = bench(tmp_path / str(run), seed=seed)
        runs.append(outcome_of(xu3.workers().start(a_job())).inferences)
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@pytest.mark.parametrize("model", ["mobilenet_v1_0.25_224_int8", "mobilenet_v1_0.3_224", "cat_or_dog"])
def test_a_model_without_published_latency_fails_and_says_so(
    bench: MakeBench, model: str, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path)
    outcome = outcome_of(xu3.workers().start(a_job(model)))
    assert isinstance(outcome.ending, Failed)
    assert outcome.ending.cause == "bad_model"
    assert "Table II" in outcome.ending.detail
    assert model in outcome.ending.detail


@pytest.mark.parametrize("cpus", [(), (3, 4), (8,)])
def test_cpus_that_are_no_cluster_of_the_board_fail(
    bench: MakeBench, cpus: tuple[int, ...], tmp_path: Path
) -> None:
    outcome = outcome_of(bench(tmp_path).workers().start(a_job(cpus=cpus)))
    assert isinstance(outcome.ending, Failed)
    assert outcome.ending.cause == "protocol"


def test_a_worker_is_ended_at_its_time_limit(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    outcome = outcome_of(xu3.workers().start(a_job(runs=100, pause_s=2.0, time_limit_s=10.0)))
    assert isinstance(outcome.ending, Failed)
    assert outcome.ending.cause == "timed_out"
    assert xu3.clock.monotonic_ns() == 10 * SECOND
    assert outcome.counted
    xu3.run_s(1.0)
    assert xu3.power_w("big") < 0.12  # nothing goes on computing


def test_waiting_moves_the_clock_by_the_timeout_at_most(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    worker = xu3.workers().start(a_job(guard_s=5.0))
    while worker.wait(0.25):
        pass
    before_ns = xu3.clock.monotonic_ns()
    assert worker.wait(0.25) == []
    assert xu3.clock.monotonic_ns() == before_ns + SECOND // 4


def test_a_closed_worker_computes_no_longer_and_says_nothing(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    worker = xu3.workers().start(a_job("mobilenet_v1_1.0_224"))
    worker.wait(0.25)
    worker.close()
    assert xu3.power_w("big") < 0.12
    assert worker.wait(1.0) == []
