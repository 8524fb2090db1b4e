"""A measurement: one execution of one case under one protocol, with its verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from edged.inference.job import Inference
from edged.inference.model import Model
from edged.measurement.protocol import Protocol
from edged.measurement.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Case:
    """One model on one CPU cluster.

    Attributes:
        model: The model.
        cpu_cluster: Name of the CPU cluster.
    """

    model: Model
    cpu_cluster: str

    def __str__(self) -> str:
        """`mobilenet_v1_0.25_224@big`."""
        return f"{self.model.name}@{self.cpu_cluster}"


@dataclass(frozen=True, slots=True)
class Latency:
    """The latency of the inferences that count.

    Attributes:
        mean_s: Mean, the figure the paper reports, in seconds.
        u95_s: Half width of the 95 % interval of the mean, autocorrelation respected, in seconds;
            None where there are too few inferences to tell.
        quantiles_s: Percentile to latency in seconds; only those that the number of inferences carries.
        quantile_intervals_s: Percentile to the bounds of its 95 % interval, in seconds.
        count: Number of inferences.
    """

    mean_s: float
    u95_s: float | None
    quantiles_s: Mapping[int, float]
    quantile_intervals_s: Mapping[int, tuple[float, float]]
    count: int

    @property
    def frames_per_second(self) -> float:
        """1 / mean latency, as in the paper's Table II."""
        return 1.0 / self.mean_s


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A value with its uncertainty.

    Attributes:
        value: Best estimate.
        u95: Half width of the interval that holds the true value with 95 % probability; infinite where it
            is not known, so that nothing that rests on the value is certain.
    """

    value: float
    u95: float

    @property
    def u95_known(self) -> bool:
        """Whether anything is known of the uncertainty."""
        return self.u95 < math.inf


@dataclass(frozen=True, slots=True)
class RailEnergy:
    """What one inference cost on one rail.

    Attributes:
        net_energy_j: Energy per inference above the idle baseline, in joules.
        gross_energy_j: Energy per inference, idle included, in joules.
        idle_power_w: The baseline, in watts.
        components_j: Parts of the standard uncertainty of the net energy per inference, in joules.
        coverage_ratio: Share of the busy time that readings cover.
    """

    net_energy_j: Uncertain
    gross_energy_j: Uncertain
    idle_power_w: float
    components_j: Mapping[str, float]
    coverage_ratio: float


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What ran the model."""

    engine: str
    engine_version: str
    delegate: str
    threads: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the board did during the inferences that count.

    Attributes:
        frequency_hz: Mean clock of the CPU cluster while busy; None without cpufreq.
        frequency_range_hz: Lowest and highest clock while busy; None without cpufreq.
        temperature_c: Highest plausible temperature while busy; None without thermal zones.
        foreign_load_ratio: Load of the cluster's CPUs that the worker did not have; None if there are none.
        waiting_ratio: Share of the latency that the worker waited for its own CPU.
        throttled_inferences: Inferences that overlapped a throttled interval.
    """

    frequency_hz: float | None = None
    frequency_range_hz: tuple[int, int] | None = None
    temperature_c: float | None = None
    foreign_load_ratio: float | None = None
    waiting_ratio: float = 0.0
    throttled_inferences: int = 0


@dataclass(frozen=True, slots=True)
class Measurement:
    """One execution of one case under one protocol.

    Attributes:
        case: What ran.
        protocol: How it ran.
        verdict: Whether to believe it.
        latency: None if no inference that counts finished.
        inferences: All of them, warm-ups included, in order of time.
        engine: None if the model was never loaded.
        load_s: Loading the model, in seconds; None if it was never loaded.
        worker_memory_bytes: Highest resident memory of the worker; None if it did not finish.
        surroundings: What the board did meanwhile.
        rails: Energy by rail; empty where nothing measures power.
        start_ns: Monotonic time when the worker was started.
        end_ns: Monotonic time when the result was complete.
        finished_wall_s: Wall time when the result was complete, in Unix seconds; may be wrong by years.
    """

    case: Case
    protocol: Protocol
    verdict: Verdict
    latency: Latency | None
    inferences: tuple[Inference, ...]
    engine: EngineFacts | None
    load_s: float | None
    worker_memory_bytes: int | None
    surroundings: Surroundings
    start_ns: int
    end_ns: int
    finished_wall_s: float
    rails: Mapping[str, RailEnergy] = field(default_factory=dict)
