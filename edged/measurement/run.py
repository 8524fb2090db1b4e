"""One execution of one case: from a fresh worker to a measurement with its verdict.

A `Run` is a step function: whoever drives it calls `step()` until it says that it is over. In real time a
step waits for the worker's pipe; on a simulated board it moves the virtual clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from edged.board.parts import CpuCluster
from edged.clock import Clock
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded, Workers
from edged.inference.placement import place
from edged.measurement.judge import Tolerance, judge
from edged.measurement.latency import latency_of
from edged.measurement.others import Others
from edged.measurement.protocol import Protocol
from edged.measurement.rails import RailWatch, energy_of_rails
from edged.measurement.result import Case, EngineFacts, Measurement, RailEnergy, Surroundings
from edged.measurement.surroundings import foreign_cpus, look_round, unseen_s
from edged.measurement.verdict import Reason, Rejection, Verdict
from edged.measurement.windows import BusyTime
from edged.sampling.conditions import FAST_HZ, TRACE_CAPACITY, Conditions
from edged.sampling.drive import Pace
from edged.sampling.throttling import Throttling
from edged.sampling.trace import Trace

# How long to wait for a sample of the board, which comes four times a second in a measurement; and how often
# to look for it.
_SAMPLE_WITHIN_NS = 2_000_000_000
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every measurement.

    Attributes:
        engine: `auto`, `tflite-runtime` or `ai-edge-litert`.
        delegate: `auto`, `none` or `xnnpack`.
        time_limit_s: Most time for one measurement, in seconds.
        memory_limit_bytes: Most memory a worker may allocate.
        tolerance: Disturbance that is put up with.
        seed: Seed of random input.
    """

    engine: str = "auto"
    delegate: str = "auto"
    time_limit_s: float = 900.0
    memory_limit_bytes: int = 2 << 30
    tolerance: Tolerance = field(default_factory=Tolerance)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Rig:
    """What every run uses.

    Attributes:
        workers: Where workers come from.
        conditions: The board's state over time, sampled by somebody else.
        throttling: When each CPU cluster was held back.
        rails: What measures power, none on most boards; sensors may come while edged runs.
        pace: Has samplers sample fast.
        clock: Where time comes from.
        settings: What holds for every measurement.
        first_cpus: The CPU to pin to, by CPU cluster, where the configuration chooses one.
    """

    workers: Workers
    conditions: Trace[Conditions]
    throttling: Throttling
    rails: Sequence[RailWatch]
    pace: Pace
    clock: Clock
    settings: Settings
    first_cpus: Mapping[str, int]


class Run:
    """One measurement under way.

    Args:
        case: What to run.
        cluster: The case's CPU cluster.
        protocol: How to run it.
        rig: What it runs on.
    """

    def __init__(self, case: Case, cluster: CpuCluster, protocol: Protocol, rig: Rig) -> None:
        """Start the worker."""
        self.case = case
        self.protocol = protocol
        self._cluster = cluster
        self._rig = rig
        settings = rig.settings
        self._job = Job(
            model_path=str(case.model.path),
            engine=settings.engine,
            delegate=settings.delegate,
            threads=protocol.threads,
            cpus=place(cluster, protocol.threads, rig.first_cpus.get(cluster.name)),
            warmup_runs=protocol.warmup_runs,
            min_runs=protocol.min_runs,
            min_busy_s=protocol.min_busy_s,
            pause_s=protocol.pause_s,
            guard_s=protocol.guard_s,
            time_limit_s=settings.time_limit_s,
            memory_limit_bytes=settings.memory_limit_bytes,
            input_path=str(case.model.input or ""),
            seed=settings.seed,
        )
        self._loaded: Loaded | None = None
        self._ending: Finished | Failed | None = None
        self._ended_ns = 0
        self._start_ns = rig.clock.monotonic_ns()
        self.inferences: list[Inference] = []
        self._worker = rig.workers.start(self._job)

    def step(self, timeout_s: float) -> Sequence[Event]:
        """Take what the worker says next, waiting for it at most `timeout_s` seconds."""
        if self._ending is not None:
            # Only the board's next sample tells whether it was throttled during the last inference.
            self._rig.clock.sleep(min(timeout_s, _LOOK_S))
            return ()
        events = self._worker.wait(timeout_s)
        for event in events:
            match event:
                case Loaded():
                    self._loaded = event
                case Inferences():
                    self.inferences.extend(event.inferences)
                case Finished() | Failed():
                    self._ending = event
                    self._ended_ns = self._rig.clock.monotonic_ns()
        return events

    @property
    def over(self) -> bool:
        """Whether the worker has ended, well or not, and the board was sampled after its last inference."""
        if self._ending is None:
            return False
        if isinstance(self._ending, Failed) or not self.inferences:
            return True
        newest = self._rig.conditions.newest()
        sampled = newest is not None and newest.end_ns >= self.inferences[-1].end_ns
        return sampled or self._rig.clock.monotonic_ns() - self._ended_ns >= _SAMPLE_WITHIN_NS

    @property
    def progress_ratio(self) -> float:
        """Share of the inferences that count, and of the busy time asked for, that is done: 0 to 1."""
        counted = self._counted
        busy_s = sum(inference.latency_s for inference in counted)
        asked_s = self.protocol.min_busy_s
        return min(1.0, len(counted) / self.protocol.min_runs, busy_s / asked_s if asked_s else 1.0)

    @property
    def cpus(self) -> tuple[int, ...]:
        """CPUs that the worker is pinned to."""
        return self._job.cpus

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        self._worker.close()

    def measurement(self) -> Measurement:
        """The result, once the run is over."""
        counted = self._counted
        failure = self._ending if isinstance(self._ending, Failed) else None
        surroundings = self._surroundings(counted) if counted else Surroundings()
        latencies_s = [inference.latency_s for inference in counted]
        rejections = judge(latencies_s, surroundings, failure, self._rig.settings.tolerance)
        rails: dict[str, RailEnergy] = {}
        if counted and not failure:
            conditions = self._conditions()
            rejections += self._unseen(conditions, counted)
            foreign = foreign_cpus(conditions, self._cluster, self._job.cpus, counted, self._guard_ns)
            others = Others(conditions, self._job.cpus, BusyTime(self.inferences))
            rails, uncovered = energy_of_rails(
                self.inferences,
                self.case.cpu_cluster,
                self.protocol.guard_s,
                self._rig.rails,
                foreign,
                others=others,
            )
            rejections += uncovered
            if rails and abs(foreign) > self._rig.settings.tolerance.foreign_cpus:
                detail = f"others used {foreign:+.2f} CPUs during the inferences against the idle time"
                rejections.append(Rejection(Reason.FOREIGN_LOAD, detail))
        loaded = self._loaded
        return Measurement(
            case=self.case,
            protocol=self.protocol,
            verdict=Verdict(tuple(rejections)),
            latency=latency_of(latencies_s),
            inferences=tuple(self.inferences),
            engine=EngineFacts(loaded.engine, loaded.engine_version, loaded.delegate, loaded.threads)
            if loaded
            else None,
            load_s=loaded.load_s if loaded else None,
            worker_memory_bytes=self._ending.peak_memory_bytes
            if isinstance(self._ending, Finished)
            else None,
            surroundings=surroundings,
            start_ns=self._start_ns,
            end_ns=self._rig.clock.monotonic_ns(),
            finished_wall_s=self._rig.clock.wall_s(),
            rails=rails,
        )

    @property
    def _counted(self) -> list[Inference]:
        """All inferences so far but the warm-ups."""
        return [inference for inference in self.inferences if not inference.warmup]

    def _conditions(self) -> Sequence[Conditions]:
        """Those of its own time, of all that are kept."""
        from_ns = self._start_ns - self._guard_ns
        return self._rig.conditions.between(from_ns, self._rig.clock.monotonic_ns())

    @property
    def _guard_ns(self) -> int:
        return round(self.protocol.guard_s * 1e9)

    def _unseen(self, conditions: Sequence[Conditions], counted: Sequence[Inference]) -> Sequence[Rejection]:
        """What nobody saw may have been throttled, loaded by others or at another clock."""
        missing_s = unseen_s(conditions, counted, self._guard_ns)
        if not missing_s:
            return ()
        length_s = (counted[-1].end_ns - counted[0].start_ns + self._guard_ns) / 1e9
        detail = (
            f"what the board did is not known of {missing_s:.1f} s of {length_s:.1f} s: "
            f"the last {TRACE_CAPACITY / FAST_HZ:.0f} s are kept"
        )
        return (Rejection(Reason.COVERAGE, detail),)

    def _surroundings(self, counted: Sequence[Inference]) -> Surroundings:
        seen = look_round(self._conditions(), self._cluster, self._job.cpus, counted)
        held_back = self._rig.throttling.throttled_between
        name = self._cluster.name
        throttled = sum(held_back(name, inference.start_ns, inference.end_ns) for inference in counted)
        return replace(seen, throttled_inferences=throttled)
