"""Runs driven to their end, on scripted workers and a virtual clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from edged.board.parts import Board, CpuCluster, Identity
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded
from edged.inference.model import Model
from edged.measurement.protocol import Protocol
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Rig, Run, Settings
from edged.measurement.sweep import sweep
from edged.measurement.verdict import Reason
from edged.sampling.conditions import Conditions
from edged.sampling.drive import Pace
from edged.sampling.throttling import Throttling
from edged.sampling.trace import Trace
from edged.simulation.clock import VirtualClock

MS = 1_000_000
BOARD = Board(Identity("board", (), "", "", ""), (CpuCluster("cpu", "core", (0, 1)),))
CASES = [Case(Model(name, Path(f"{name}.tflite"), "", "fp32", "random"), "cpu") for name in ("a", "b", "c")]
PROTOCOL = Protocol("test", warmup_runs=1, min_runs=10, min_busy_s=0.0, pause_s=0.0, threads=1, guard_s=0.0)
LOADED = Loaded("engine", "1.0", "none", 1, 0.25)


def good_run() -> list[Event]:
    stamps = [(start * 20 * MS, start * 20 * MS + 10 * MS) for start in range(11)]
    rows = [Inference(start, end, 10 * MS, warmup=index == 0) for index, (start, end) in enumerate(stamps)]
    return [LOADED, Inferences(tuple(rows[:4])), Inferences(tuple(rows[4:])), Finished(1 << 20)]


@dataclass
class ScriptedWorker:
    events: list[Event]
    clock: VirtualClock
    closed: int = 0

    def wait(self, timeout_s: float) -> Sequence[Event]:
        self.clock.sleep(timeout_s)
        return [self.events.pop(0)] if self.events else []

    def close(self) -> None:
        self.closed += 1


@dataclass
class ScriptedWorkers:
    scripts: list[list[Event]]
    clock: VirtualClock
    jobs: list[Job] = field(default_factory=list)
    started: list[ScriptedWorker] = field(default_factory=list)

    def start(self, job: Job) -> ScriptedWorker:
        self.jobs.append(job)
        self.started.append(ScriptedWorker(self.scripts.pop(0), self.clock))
        return self.started[-1]


@dataclass
class Notes:
    progress: list[float] = field(default_factory=list)
    finished_cases: list[str] = field(default_factory=list)

    def running(self, run: Run, events: Sequence[Event]) -> None:
        assert len(events) <= 1
        self.progress.append(run.progress_ratio)

    def finished(self, measurement: Measurement) -> None:
        self.finished_cases.append(str(measurement.case))


def a_sample(start_ns: int, end_ns: int) -> Conditions:
    return Conditions(start_ns, end_ns, {}, {}, {}, {}, {})


def rig(
    *scripts: list[Event], samples: Sequence[Conditions] = (a_sample(0, 10_000 * MS),)
) -> tuple[Rig, ScriptedWorkers]:
    clock = VirtualClock()
    workers = ScriptedWorkers(list(scripts), clock)
    conditions = Trace[Conditions](8)
    for sample in samples:
        conditions.append(sample)
    return Rig(workers, conditions, Throttling(BOARD), (), Pace([]), clock, Settings(), {"cpu": 0}), workers


def test_each_case_gets_a_worker_of_its_own_and_each_worker_is_closed() -> None:
    the_rig, workers = rig(good_run(), good_run(), good_run())
    measurements = list(sweep(CASES, BOARD, PROTOCOL, the_rig, []))
    assert [str(m.case) for m in measurements] == ["a@cpu", "b@cpu", "c@cpu"]
    assert [job.model_path for job in workers.jobs] == ["a.tflite", "b.tflite", "c.tflite"]
    assert all(job.cpus == (0,) for job in workers.jobs)
    assert all(worker.closed for worker in workers.started)


def test_warm_ups_do_not_count_and_the_rest_is_summed_up() -> None:
    (measurement,) = sweep(CASES[:1], BOARD, PROTOCOL, rig(good_run())[0], [])
    assert measurement.verdict.valid
    assert measurement.latency is not None
    assert measurement.latency.count == 10
    assert measurement.latency.mean_s == pytest.approx(0.01)
    assert len(measurement.inferences) == 11
    assert measurement.load_s == 0.25
    assert measurement.worker_memory_bytes == 1 << 20


def test_a_failed_worker_costs_its_measurement_and_no_other() -> None:
    crash: list[Event] = [LOADED, Failed("crashed", "it ended with signal SIGSEGV")]
    the_rig, _ = rig(crash, good_run())
    first, second = sweep(CASES[:2], BOARD, PROTOCOL, the_rig, [])
    assert [r.reason for r in first.verdict.rejections] == [Reason.WORKER_FAILED]
    assert (first.latency, first.worker_memory_bytes) == (None, None)
    assert second.verdict.valid


def test_watchers_see_progress_grow_to_the_end() -> None:
    notes = Notes()
    list(sweep(CASES[:1], BOARD, PROTOCOL, rig(good_run())[0], [notes]))
    assert notes.progress == sorted(notes.progress)
    assert notes.progress[-1] == 1.0
    assert notes.finished_cases == ["a@cpu"]


def test_a_sweep_that_is_closed_ends_its_worker_and_keeps_what_is_finished() -> None:
    the_rig, workers = rig(good_run(), good_run())
    notes = Notes()
    under_way = sweep(CASES[:2], BOARD, PROTOCOL, the_rig, [notes])
    next(under_way)

    def interrupt(run: Run, events: Sequence[Event]) -> None:  # noqa: ARG001 - a watcher's signature
        raise KeyboardInterrupt

    notes.running = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        next(under_way)
    assert notes.finished_cases == ["a@cpu"]
    assert [worker.closed > 0 for worker in workers.started] == [True, True]


def test_a_measurement_is_judged_only_after_a_sample_of_the_board_that_has_seen_its_last_inference() -> None:
    the_rig, workers = rig(good_run(), samples=())
    clock = the_rig.clock
    assert isinstance(clock, VirtualClock)

    def sample() -> None:
        clock.call_at(clock.monotonic_ns() + 250_000_000, sample)
        before, now_ns = the_rig.conditions.newest(), clock.monotonic_ns()
        start_ns = before.end_ns if before else now_ns
        the_rig.conditions.append(a_sample(start_ns, now_ns))

    clock.call_at(1, sample)
    (measurement,) = sweep(CASES[:1], BOARD, PROTOCOL, the_rig, [])
    newest = the_rig.conditions.newest()
    assert newest is not None
    assert measurement.inferences[-1].end_ns <= newest.end_ns <= measurement.end_ns
    assert workers.started[0].closed
    assert measurement.verdict.valid


@pytest.mark.parametrize(
    ("samples", "missing"),
    [
        ([], "0.2 s of 0.2 s"),
        ([a_sample(100 * MS, 300 * MS)], "0.1 s of 0.2 s"),  # the ring has lost the beginning
        ([a_sample(0, 150 * MS)], "0.1 s of 0.2 s"),  # the sampler stands still
    ],
)
def test_a_measurement_of_which_the_board_was_not_seen_throughout_is_not_valid(
    samples: list[Conditions], missing: str
) -> None:
    (measurement,) = sweep(CASES[:1], BOARD, PROTOCOL, rig(good_run(), samples=samples)[0], [])
    (rejection,) = measurement.verdict.rejections
    assert rejection.reason is Reason.COVERAGE
    assert f"is not known of {missing}: the last 1024 s are kept" in rejection.detail


def test_the_idle_time_before_the_inferences_must_have_been_seen_too() -> None:
    protocol = replace(PROTOCOL, guard_s=0.01)
    for began_ms, valid in ((10, True), (11, False)):
        the_rig, _ = rig(good_run(), samples=[a_sample(began_ms * MS, 10_000 * MS)])
        (measurement,) = sweep(CASES[:1], BOARD, protocol, the_rig, [])
        assert measurement.verdict.valid is valid
