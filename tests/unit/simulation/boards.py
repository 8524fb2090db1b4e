"""Simulated boards for tests."""

from dataclasses import dataclass
from pathlib import Path

from edged.inference.job import Failed, Finished, Inference, Inferences, Job, Loaded, Worker
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from edged.simulation.replay import ReplayWorkers
from edged.simulation.scenario import Scenario

SECOND = 1_000_000_000


@dataclass(frozen=True)
class Bench:
    board: SimulatedBoard
    clock: VirtualClock
    root: Path

    def run_s(self, duration_s: float) -> None:
        self.clock.sleep(duration_s)

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    def number(self, path: str) -> int:
        return int(self.text(path))

    def power_w(self, rail: str) -> float:
        return self.board.soc.rails[rail].total.power_uw / 1e6

    def workers(self) -> ReplayWorkers:
        return ReplayWorkers(self.board, self.clock)


class MakeBench:
    """Makes benches, and closes them all in the end."""

    def __init__(self) -> None:
        self._made: list[Bench] = []

    def __call__(
        self,
        root: Path,
        kind: str = "xu3",
        *,
        seed: int = 0,
        start_ns: int = 0,
        scenario: Scenario | None = None,
    ) -> Bench:
        clock = VirtualClock(start_ns)
        board = SimulatedBoard(kind, root, clock, seed=seed, scenario=scenario)
        self._made.append(Bench(board, clock, root))
        return self._made[-1]

    def close(self) -> None:
        for bench in self._made:
            bench.board.close()


def a_job(
    model: str = "mobilenet_v1_0.25_224",
    cpus: tuple[int, ...] = (7,),
    *,
    runs: int = 20,
    pause_s: float = 0.0,
    guard_s: float = 0.5,
    threads: int = 1,
    time_limit_s: float = 900.0,
) -> Job:
    return Job(
        model_path=f"models/{model}.tflite",
        engine="auto",
        delegate="auto",
        threads=threads,
        cpus=cpus,
        warmup_runs=1,
        min_runs=runs,
        min_busy_s=0.0,
        pause_s=pause_s,
        guard_s=guard_s,
        time_limit_s=time_limit_s,
        memory_limit_bytes=1 << 30,
    )


@dataclass
class Outcome:
    loaded: Loaded | None
    inferences: list[Inference]
    ending: Finished | Failed | None

    @property
    def counted(self) -> list[Inference]:
        return [inference for inference in self.inferences if not inference.warmup]

    @property
    def mean_latency_s(self) -> float:
        return sum(inference.latency_s for inference in self.counted) / len(self.counted)


def outcome_of(worker: Worker) -> Outcome:
    outcome = Outcome(None, [], None)
    while outcome.ending is None:
        for event in worker.wait(0.25):
            match event:
                case Loaded():
                    outcome.loaded = event
                case Inferences():
                    outcome.inferences.extend(event.inferences)
                case Finished() | Failed():
                    outcome.ending = event
    return outcome
