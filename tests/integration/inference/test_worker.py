"""A real worker process: what it measures, and how it fails."""

import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edged.clock import SystemClock
from edged.inference.build import build_model
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded
from edged.inference.landlock import landlock_version
from edged.inference.processes import ProcessWorkers

WORKERS = ProcessWorkers(SystemClock())


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    path = tmp_path_factory.mktemp("models") / "mobilenet_v1_0.25_224_quant.tflite"
    path.write_bytes(build_model("0.25", "int8"))
    return Job(
        model_path=str(path),
        engine="auto",
        delegate="none",
        threads=1,
        cpus=(max(os.sched_getaffinity(0)),),
        warmup_runs=2,
        min_runs=5,
        min_busy_s=0.0,
        pause_s=0.0,
        guard_s=0.0,
        time_limit_s=60.0,
        memory_limit_bytes=2 << 30,
    )


@pytest.fixture
def fake_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put an engine of the test's own in the place of tflite-runtime; `invoke` runs the given statement."""

    def place(statement: str) -> None:
        package = tmp_path / "tflite_runtime"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "interpreter.py").write_text(
            "import ctypes, os, sys, time\n"
            "import numpy\n"
            "class OpResolverType:\n"
            "    BUILTIN = BUILTIN_WITHOUT_DEFAULT_DELEGATES = None\n"
            "class Interpreter:\n"
            "    def __init__(self, **options): pass\n"
            "    def allocate_tensors(self): pass\n"
            "    def _get_ops_details(self): return []\n"
            "    def get_input_details(self):\n"
            "        return [dict(index=0, shape=[1], dtype=numpy.uint8, quantization=(0.0, 0))]\n"
            "    def set_tensor(self, index, tensor): pass\n"
            f"    def invoke(self):\n        {statement}\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return place


def events_of(job: Job) -> list[Event]:
    worker = WORKERS.start(job)
    events: list[Event] = []
    try:
        while not (events and isinstance(events[-1], Failed | Finished)):
            events += worker.wait(10.0)
    finally:
        worker.close()
    return events


def inferences_of(events: list[Event]) -> list[Inference]:
    return [i for event in events if isinstance(event, Inferences) for i in event.inferences]


def failure_of(job: Job) -> Failed:
    event = events_of(job)[-1]
    assert isinstance(event, Failed), event
    return event


def test_a_job_gives_loaded_then_inferences_then_finished(job: Job) -> None:
    events = events_of(job)
    loaded, *between, finished = events
    assert isinstance(loaded, Loaded)
    assert loaded.threads == 1
    assert loaded.delegate == "none"
    assert loaded.load_s > 0
    assert all(isinstance(event, Inferences) for event in between)
    assert isinstance(finished, Finished)
    assert 5 << 20 < finished.peak_memory_bytes < 1 << 30


def test_inferences_are_stamped_in_order_on_the_clock_that_this_process_has_too(job: Job) -> None:
    before_ns = time.monotonic_ns()
    inferences = inferences_of(events_of(job))
    after_ns = time.monotonic_ns()
    stamps = [stamp for i in inferences for stamp in (i.start_ns, i.end_ns)]
    assert [before_ns, *stamps, after_ns] == sorted([before_ns, *stamps, after_ns])
    assert [i.warmup for i in inferences] == [True] * 2 + [False] * 5
    assert all(i.cpu_ns > 0 for i in inferences)


def test_the_busy_time_asked_for_is_reached_however_short_an_inference_is(job: Job) -> None:
    inferences = inferences_of(events_of(replace(job, min_runs=1, min_busy_s=0.3)))
    counted = [i for i in inferences if not i.warmup]
    assert sum(i.latency_s for i in counted) >= 0.3
    assert sum(i.latency_s for i in counted[:-1]) < 0.3


def test_pauses_and_guards_are_kept(job: Job) -> None:
    inferences = inferences_of(events_of(replace(job, min_runs=3, pause_s=0.05, guard_s=0.1)))
    _, last_warmup, first, second, third = inferences
    assert first.start_ns - last_warmup.end_ns >= 100_000_000
    assert second.start_ns - first.end_ns >= 50_000_000
    assert third.start_ns - second.end_ns >= 50_000_000


@pytest.mark.parametrize("engine", ["tflite-runtime", "ai-edge-litert"])
@pytest.mark.parametrize(("precision", "delegate"), [("fp32", "none"), ("fp32", "xnnpack"), ("int8", "none")])
def test_every_engine_runs_every_precision_with_the_delegate_asked_for(
    job: Job, tmp_path: Path, engine: str, precision: str, delegate: str
) -> None:
    pytest.importorskip({"tflite-runtime": "tflite_runtime", "ai-edge-litert": "ai_edge_litert"}[engine])
    path = tmp_path / "model.tflite"
    path.write_bytes(build_model("0.25", precision))
    events = events_of(replace(job, model_path=str(path), engine=engine, delegate=delegate))
    assert isinstance(events[0], Loaded)
    assert (events[0].engine, events[0].delegate) == (engine, delegate)
    assert isinstance(events[-1], Finished)


def test_a_worker_runs_on_its_cpus_and_no_other(job: Job) -> None:
    worker = WORKERS.start(replace(job, guard_s=30.0))
    try:
        while not any(isinstance(event, Inferences | Loaded) for event in worker.wait(10.0)):
            pass
        assert worker.pid is not None
        assert os.sched_getaffinity(worker.pid) == set(job.cpus)
    finally:
        worker.close()


def test_this_process_keeps_off_the_workers_cpus_and_comes_back(job: Job) -> None:
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("there is one CPU for both")
    worker = WORKERS.start(replace(job, guard_s=30.0))
    try:
        assert os.sched_getaffinity(0) == before - set(job.cpus)
    finally:
        worker.close()
    assert os.sched_getaffinity(0) == before


def test_a_worker_on_all_cpus_is_not_made_room_for(job: Job) -> None:
    before = os.sched_getaffinity(0)
    worker = WORKERS.start(replace(job, cpus=tuple(sorted(before)), guard_s=30.0))
    try:
        assert os.sched_getaffinity(0) == before
    finally:
        worker.close()


def test_a_missing_model_is_refused_by_name(job: Job, tmp_path: Path) -> None:
    failure = failure_of(replace(job, model_path=str(tmp_path / "none.tflite")))
    assert failure.cause == "bad_model"
    assert "none.tflite" in failure.detail


def test_a_truncated_model_is_refused(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "cut.tflite"
    path.write_bytes(Path(job.model_path).read_bytes()[:100_000])
    assert failure_of(replace(job, model_path=str(path))).cause == "bad_model"


def test_a_cpu_that_is_not_there_is_not_the_models_fault(job: Job) -> None:
    failure = failure_of(replace(job, cpus=(8000,)))
    assert failure.cause == "placement"
    assert "CPU 8000 cannot be pinned to" in failure.detail


def test_an_engine_that_is_not_installed_is_said_so(job: Job) -> None:
    failure = failure_of(replace(job, engine="tensorflow"))
    assert failure.cause == "no_engine"
    assert "tensorflow" in failure.detail


def test_an_input_that_does_not_fit_is_refused(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "input.npy"
    np.save(path, np.zeros((1, 2, 2, 3), np.uint8))
    failure = failure_of(replace(job, input_path=str(path)))
    assert failure.cause == "bad_input"
    assert "uint8 [1, 224, 224, 3]" in failure.detail


def test_a_given_input_is_taken(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "input.npy"
    np.save(path, np.zeros((1, 224, 224, 3), np.uint8))
    assert isinstance(events_of(replace(job, input_path=str(path)))[-1], Finished)


def test_a_crash_names_its_signal(job: Job, fake_engine: Callable[[str], None]) -> None:
    fake_engine("ctypes.string_at(0)")
    failure = failure_of(replace(job, engine="tflite-runtime"))
    assert failure.cause == "crashed"
    assert "SIGSEGV" in failure.detail


def test_a_real_time_signal_that_has_no_name_is_told_by_its_number(
    job: Job, fake_engine: Callable[[str], None]
) -> None:
    fake_engine("import os; os.kill(os.getpid(), 35)")
    failure = failure_of(replace(job, engine="tflite-runtime"))
    assert (failure.cause, failure.detail) == ("crashed", "it ended with signal 35")


def test_a_hang_ends_at_the_time_limit(job: Job, fake_engine: Callable[[str], None]) -> None:
    fake_engine("time.sleep(3600)")
    failure = failure_of(replace(job, engine="tflite-runtime", time_limit_s=1.0))
    assert failure.cause == "timed_out"
    assert "1 s" in failure.detail


def test_a_worker_that_ignores_signals_ends_at_the_time_limit_too(
    job: Job, fake_engine: Callable[[str], None]
) -> None:
    fake_engine("import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(3600)")
    assert failure_of(replace(job, engine="tflite-runtime", time_limit_s=1.0)).cause == "timed_out"


def test_memory_over_the_limit_is_out_of_memory(job: Job, fake_engine: Callable[[str], None]) -> None:
    fake_engine("self.hog = bytearray(4 << 30)")
    failure = failure_of(replace(job, engine="tflite-runtime", memory_limit_bytes=1 << 30))
    assert failure.cause == "out_of_memory"
    assert "1024 MiB" in failure.detail


def test_being_killed_from_outside_is_taken_for_want_of_memory(
    job: Job, fake_engine: Callable[[str], None]
) -> None:
    fake_engine("os.kill(os.getpid(), 9)")
    failure = failure_of(replace(job, engine="tflite-runtime"))
    assert failure.cause == "out_of_memory"
    assert "killed" in failure.detail


def test_what_the_engine_prints_never_gets_between_the_events(
    job: Job, fake_engine: Callable[[str], None]
) -> None:
    fake_engine(
        'os.write(1, b\'{"event": "finished", "peak_memory_bytes": 1}\\n\'); print(\'noise\', flush=True)'
    )
    events = events_of(replace(job, engine="tflite-runtime"))
    assert isinstance(events[-1], Finished)
    assert events[-1].peak_memory_bytes > 1
    assert len(inferences_of(events)) == 7


def test_inferences_before_a_crash_are_not_lost(job: Job, fake_engine: Callable[[str], None]) -> None:
    fake_engine("time.sleep(0.3); self.n = getattr(self, 'n', 0) + 1; self.n == 5 and os.abort()")
    events = events_of(replace(job, engine="tflite-runtime", warmup_runs=0, min_runs=9))
    assert isinstance(events[-1], Failed)
    assert "SIGABRT" in events[-1].detail
    assert len(inferences_of(events)) == 4


def test_closing_ends_the_process_at_once(job: Job) -> None:
    worker = WORKERS.start(replace(job, guard_s=30.0))
    pid = worker.pid
    assert pid is not None
    worker.close()
    assert worker.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_that_cannot_start_fails_as_any_other(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    before = os.sched_getaffinity(0)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    failure = failure_of(job)
    assert failure.cause == "crashed"
    assert failure.detail == "it could not be started: Resource temporarily unavailable (EAGAIN)"
    assert os.sched_getaffinity(0) == before


def test_a_worker_that_has_ended_is_not_killed_again(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = WORKERS.start(replace(job, guard_s=30.0))
    worker.close()
    killed: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda number, _: killed.append(number))
    worker.close()
    assert killed == []  # its number may be that of others by now


def test_a_worker_ends_with_its_parent(job: Job) -> None:
    ready, told = os.pipe()
    parent = os.fork()
    if parent == 0:
        worker = WORKERS.start(replace(job, guard_s=3600.0, time_limit_s=7200.0))
        while not any(isinstance(event, Loaded) for event in worker.wait(10.0)):
            pass
        os.write(told, str(worker.pid).encode())
        signal.pause()
        os._exit(0)
    worker_pid = int(os.read(ready, 20))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{worker_pid}/exe").exists():
        time.sleep(0.01)
    assert not Path(f"/proc/{worker_pid}/exe").exists()


def test_secrets_of_the_parents_environment_do_not_reach_a_worker(
    job: Job, fake_engine: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGED_TOKEN", "secret")
    fake_engine("assert 'EDGED_TOKEN' not in os.environ, 'leaked'")
    assert isinstance(events_of(replace(job, engine="tflite-runtime"))[-1], Finished)


def said_by(job: Job) -> str:
    return failure_of(replace(job, engine="tflite-runtime")).detail


def needs_landlock(version: int) -> None:
    if landlock_version() < version:
        pytest.skip(f"this kernel has version {landlock_version()} of Landlock, not {version}")


@pytest.mark.parametrize(
    "statement", ["open('/etc/passwd').read()", "os.listdir('/etc')", "os.listdir('/tmp')"]
)
def test_native_code_reads_nothing_but_python_and_the_model(
    job: Job, fake_engine: Callable[[str], None], statement: str
) -> None:
    needs_landlock(1)
    fake_engine(statement)
    assert "Permission denied" in said_by(job)


def test_what_lies_beside_the_model_is_not_readable(job: Job, fake_engine: Callable[[str], None]) -> None:
    needs_landlock(1)
    secret = Path(job.model_path).with_name("journal.db")
    secret.write_text("results")
    fake_engine(f"open({job.model_path!r}).close(); open({str(secret)!r})")
    assert "journal.db" in said_by(job)


def test_native_code_starts_no_program(job: Job, fake_engine: Callable[[str], None]) -> None:
    needs_landlock(1)
    fake_engine("os.execv(sys.executable, [sys.executable, '-c', 'pass'])")
    assert "Permission denied" in said_by(job)


def test_native_code_writes_no_file_even_where_the_kernel_has_no_landlock(
    job: Job, tmp_path: Path, fake_engine: Callable[[str], None]
) -> None:
    file = tmp_path / "written"
    fake_engine(f"open({str(file)!r}, 'w').write('x')")
    assert "written" in said_by(job) or "File too large" in said_by(job)
    assert not file.exists() or not file.read_bytes()


def test_native_code_connects_to_nobody(job: Job, fake_engine: Callable[[str], None]) -> None:
    needs_landlock(4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        fake_engine(f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))")
        assert "Permission denied" in said_by(job)


def test_native_code_cannot_end_the_daemon(job: Job, fake_engine: Callable[[str], None]) -> None:
    needs_landlock(6)
    fake_engine("os.kill(os.getppid(), 0)")
    assert "Operation not permitted" in said_by(job)


def test_a_module_where_the_daemon_was_started_is_not_taken_for_the_engine(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('not numpy')")
    monkeypatch.chdir(tmp_path)
    assert isinstance(events_of(job)[-1], Finished)
