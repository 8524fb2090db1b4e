"""Workers that replay the paper: its latencies on a simulated board, in virtual time.

An inference keeps one core of its CPU cluster busy for the latency of Table II. That table was measured at
2000 and 1400 MHz: at a lower clock the inference takes longer in proportion, from the moment when the clock
changes. Beside it only what the paper does not tell is assumed: 0.5 % of spread between inferences, a first
inference 15 % slower, and the time to load a file of the published size. No file is needed.
"""

import contextlib
import re
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import edged
from edged import paper
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded
from edged.paper import PublishedModel
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from edged.simulation.layout import CLUSTERS
from edged.simulation.seeds import seeded
from edged.simulation.work import Done, Work

ENGINE = "replay"
_SPREAD = 0.005
_FIRST_RUN = 1.15
_LOAD_NS = 15_000_000
_LOAD_NS_PER_BYTE = 1e9 / 80e6
_RESIDENT_BYTES = 30 << 20
# A worker tells at least this often, and not each inference by itself (see `inference/worker.py`).
_TELL_EVERY_NS = 250_000_000
_HOSTED_NAME = re.compile(r"mobilenet_v1_([0-9.]+)_224(_quant)?\.tflite")


class Compute(NamedTuple):
    """What a worker does next: compute, for so long at the highest clock."""

    nominal_ns: float


class Idle(NamedTuple):
    """What a worker does next: nothing, for so long."""

    duration_ns: int


class ReplayWorkers:
    """Implements `edged.inference.job.Workers` on a simulated board.

    Args:
        board: Where the inferences run.
        clock: The board's clock; waiting for a worker moves it.
    """

    def __init__(self, board: SimulatedBoard, clock: VirtualClock) -> None:
        """Every worker of these shares one source of chance, the board's seed."""
        self._board = board
        self._clock = clock
        self._rng = seeded(board.seed, "replay")

    def start(self, job: Job) -> "ReplayWorker":
        """Start a worker; a job that cannot be replayed fails with its first event."""
        return ReplayWorker(job, self._board, self._clock, self._rng)


class ReplayWorker:
    """One job, replayed."""

    def __init__(self, job: Job, board: SimulatedBoard, clock: VirtualClock, rng: Random) -> None:
        """Begin at once; nothing happens before the clock moves."""
        self._job = job
        self._board = board
        self._clock = clock
        self._rng = rng
        self._deadline_ns = clock.monotonic_ns() + round(job.time_limit_s * 1e9)
        self._events: list[Event] = []
        self._untold: list[Inference] = []
        self._told_ns = clock.monotonic_ns()
        self._busy_ns = 0
        self._work: Work | None = None
        self._ended = False
        cluster = _cluster_of(job.cpus)
        if cluster is None:
            self._end(Failed("protocol", f"the simulated board has no CPU cluster with the CPUs {job.cpus}"))
            return
        model = _published(job.model_path)
        fps = paper.frames_per_second(model.alpha, model.precision, cluster) if model else None
        if model is None or fps is None:
            name = Path(job.model_path).name
            self._end(Failed("bad_model", f"Table II has no latency of {name}, so it cannot be replayed"))
            return
        self._cluster = cluster
        self._file_bytes = model.file_bytes
        self._nominal_ns = 1e9 / fps
        self._script = self._run()
        self._follow(next(self._script))

    def wait(self, timeout_s: float) -> Sequence[Event]:
        """Events since the last call; moves the clock to the first of them, `timeout_s` seconds at most."""
        clock = self._clock
        until_ns = clock.monotonic_ns() + round(timeout_s * 1e9)
        limit_ns = min(until_ns, self._deadline_ns)
        clock.run_while(lambda: not (self._events or self._ended), limit_ns)
        if not self._events and not self._ended and clock.monotonic_ns() >= self._deadline_ns:
            self._end(Failed("timed_out", f"it had not finished after {self._job.time_limit_s:g} s"))
        if self._events:
            self._board.refresh()
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Stop whatever it is doing."""
        self._ended = True
        if self._work is not None:
            self._board.stop_work(self._work)
            self._work = None

    def _run(self) -> "Script":
        """The same order as a real worker: load, warm-ups, guard, inferences with pauses, guard."""
        job = self._job
        loading = yield Compute(_LOAD_NS + _LOAD_NS_PER_BYTE * self._file_bytes)
        load_s = (loading.end_ns - loading.start_ns) / 1e9
        self._events.append(Loaded(ENGINE, edged.__version__, "none", job.threads, load_s))
        for run in range(job.warmup_runs):
            yield from self._infer(_FIRST_RUN if run == 0 else 1.0, warmup=True)
        yield Idle(round(job.guard_s * 1e9))
        runs, busy_ns = 0, 0
        while runs < job.min_runs or busy_ns < job.min_busy_s * 1e9:
            if runs and job.pause_s:
                yield Idle(round(job.pause_s * 1e9))
            first = _FIRST_RUN if runs == job.warmup_runs == 0 else 1.0
            busy_ns += yield from self._infer(first, warmup=False)
            runs += 1
        self._tell()
        yield Idle(round(job.guard_s * 1e9))
        self._end(Finished(_RESIDENT_BYTES + self._file_bytes))

    def _infer(self, ratio: float, *, warmup: bool) -> Generator[Compute | Idle, Done, int]:
        spread = max(-3.0, min(3.0, self._rng.gauss(0.0, 1.0))) * _SPREAD
        done = yield Compute(self._nominal_ns * ratio * (1.0 + spread))
        self._untold.append(Inference(done.start_ns, done.end_ns, done.cpu_ns, warmup))
        if done.end_ns - self._told_ns >= _TELL_EVERY_NS:
            self._tell()
        return done.end_ns - done.start_ns

    def _tell(self) -> None:
        if self._untold:
            self._events.append(Inferences(tuple(self._untold)))
            self._untold.clear()
        self._told_ns = self._clock.monotonic_ns()

    def _follow(self, step: Compute | Idle) -> None:
        """Do a step, and go on with the script when it is done."""
        if isinstance(step, Compute):
            cpus = self._job.cpus[: self._job.threads]
            self._work = self._board.start_work(self._cluster, cpus, step.nominal_ns, self._go_on)
        else:
            now_ns = self._clock.monotonic_ns()
            end_ns = now_ns + step.duration_ns
            self._clock.call_at(end_ns, partial(self._go_on, Done(now_ns, end_ns, 0)))

    def _go_on(self, done: Done) -> None:
        if self._ended:
            return
        self._work = None
        with contextlib.suppress(StopIteration):
            self._follow(self._script.send(done))

    def _end(self, event: Finished | Failed) -> None:
        self._events.append(event)
        self.close()


# Steps go out, how they went comes in.
Script = Generator[Compute | Idle, Done, None]


def _published(model_path: str) -> PublishedModel | None:
    """What is published of the model of that name."""
    match = _HOSTED_NAME.fullmatch(Path(model_path).name)
    return paper.published_model(match[1], "int8" if match[2] else "fp32") if match else None


def _cluster_of(cpus: Sequence[int]) -> str | None:
    for name, cluster in CLUSTERS.items():
        if cpus and set(cpus) <= set(cluster.cpus):
            return name
    return None
