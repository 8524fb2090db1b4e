"""What a worker is asked to do, and what it answers.

A worker answers with events, one JSON object a line, in this order: one `Loaded`, any number of
`Inferences`, one `Finished`; or, at any moment, one `Failed` and nothing after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one model in a fresh worker process.

    Attributes:
        model_path: The `.tflite` file.
        engine: `auto`, `tflite-runtime` or `ai-edge-litert`.
        delegate: `none` (the engine's built-in kernels), `xnnpack`, or `auto`: XNNPACK where there is one.
        threads: Threads the engine may use.
        cpus: CPUs the worker is pinned to.
        warmup_runs: Inferences before the ones that count.
        min_runs: Inferences that count, at least.
        min_busy_s: Time spent inferring, at least, in seconds.
        pause_s: Idle time before each inference that counts but the first, in seconds.
        guard_s: Idle time before the first and after the last inference that counts, in seconds.
        time_limit_s: The worker is ended when it has not finished by then, in seconds.
        memory_limit_bytes: Most memory the worker may allocate.
        input_path: Image or `.npy` file to infer on; "" for seeded random input.
        seed: Seed of the random input.
    """

    model_path: str
    engine: str
    delegate: str
    threads: int
    cpus: tuple[int, ...]
    warmup_runs: int
    min_runs: int
    min_busy_s: float
    pause_s: float
    guard_s: float
    time_limit_s: float
    memory_limit_bytes: int
    input_path: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Inference:
    """One inference.

    Attributes:
        start_ns: Monotonic time just before the engine was called.
        end_ns: Monotonic time just after it returned.
        cpu_ns: CPU time of the calling thread in between.
        warmup: Whether it was a warm-up, which does not count.
    """

    start_ns: int
    end_ns: int
    cpu_ns: int
    warmup: bool = False

    @property
    def latency_s(self) -> float:
        """Wall time of the call in seconds."""
        return (self.end_ns - self.start_ns) / 1e9


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is loaded.

    Attributes:
        engine: Name of the engine's package.
        engine_version: Its version.
        delegate: What really runs the operators: `xnnpack`, or `none` where the built-in kernels do.
        threads: Threads the engine was given.
        load_s: Time from opening the file to allocated tensors, in seconds.
    """

    engine: str
    engine_version: str
    delegate: str
    threads: int
    load_s: float


@dataclass(frozen=True, slots=True)
class Inferences:
    """Inferences since the last event, in order of time."""

    inferences: tuple[Inference, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """All inferences are done, the idle time after them included.

    Attributes:
        peak_memory_bytes: Highest resident memory of the worker.
    """

    peak_memory_bytes: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker did not finish.

    Attributes:
        cause: `crashed`, `timed_out`, `out_of_memory`, `bad_model`, `bad_input`, `placement`,
            `no_engine` or `protocol`.
        detail: One sentence for people.
    """

    cause: str
    detail: str


Event = Loaded | Inferences | Finished | Failed


class Worker(Protocol):
    """A job under way."""

    def wait(self, timeout_s: float) -> Sequence[Event]:
        """Events since the last call; waits for the first of them at most `timeout_s` seconds."""
        ...

    def close(self) -> None:
        """End the worker, whatever it is doing, and free what it held."""
        ...


class Workers(Protocol):
    """Where workers come from: this machine, or a simulated board."""

    def start(self, job: Job) -> Worker:
        """Start a fresh worker on `job`. A failure to start is its first event."""
        ...
