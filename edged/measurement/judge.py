"""Says whether a measurement may be believed."""

from collections.abc import Sequence
from dataclasses import dataclass

from edged.inference.job import Failed
from edged.measurement.result import Surroundings
from edged.measurement.steady import drift_ratio
from edged.measurement.verdict import Reason, Rejection


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much of what disturbs a measurement is put up with.

    Attributes:
        waiting_ratio: Share of the latency that the worker may wait for its CPU.
        foreign_load_ratio: Load that others may put on the cluster's remaining CPUs: they share its
            cache, its clock and its rail.
        frequency_ratio: Spread of the clock while busy.
        foreign_cpus: CPUs that others may use more, or fewer, during the inferences than in the idle time,
            where power is measured: less than this widens the interval.
    """

    waiting_ratio: float = 0.05
    foreign_load_ratio: float = 0.2
    frequency_ratio: float = 0.01
    foreign_cpus: float = 0.03


def judge(
    latencies_s: Sequence[float],
    surroundings: Surroundings,
    failure: Failed | None,
    tolerance: Tolerance,
) -> list[Rejection]:
    """Everything that speaks against a measurement's latency; nothing if it may be believed.

    Args:
        latencies_s: Latencies of the inferences that count, in order of time, in seconds.
        surroundings: What the board did meanwhile.
        failure: How the worker failed, if it did.
        tolerance: What is put up with.
    """
    if failure:
        return [Rejection(Reason.WORKER_FAILED, f"{failure.cause}: {failure.detail}")]
    return [
        *_foreign_load(surroundings, tolerance),
        *_frequency(surroundings, tolerance),
        *_throttling(surroundings),
        *_drift(latencies_s),
    ]


def _foreign_load(surroundings: Surroundings, tolerance: Tolerance) -> list[Rejection]:
    seen = []
    if surroundings.waiting_ratio > tolerance.waiting_ratio:
        seen.append(f"the worker waited for its CPU {surroundings.waiting_ratio:.0%} of the time")
    load = surroundings.foreign_load_ratio
    if load is not None and load > tolerance.foreign_load_ratio:
        seen.append(f"others kept the remaining CPUs of the cluster {load:.0%} busy")
    return [Rejection(Reason.FOREIGN_LOAD, ", and ".join(seen))] if seen else []


def _frequency(surroundings: Surroundings, tolerance: Tolerance) -> list[Rejection]:
    if surroundings.frequency_range_hz is None:
        return []
    low_hz, high_hz = surroundings.frequency_range_hz
    if high_hz - low_hz <= tolerance.frequency_ratio * high_hz:
        return []
    detail = f"the clock moved between {low_hz / 1e6:.0f} and {high_hz / 1e6:.0f} MHz while busy"
    return [Rejection(Reason.FREQUENCY_CHANGED, detail)]


def _throttling(surroundings: Surroundings) -> list[Rejection]:
    count = surroundings.throttled_inferences
    if not count:
        return []
    return [Rejection(Reason.THROTTLED, f"{count} inferences ran while the kernel held the clock down")]


def _drift(latencies_s: Sequence[float]) -> list[Rejection]:
    ratio = drift_ratio(latencies_s)
    if ratio is None:
        return []
    detail = f"the second half of the inferences took {ratio:+.1%} against the first"
    return [Rejection(Reason.UNSTEADY, detail)]
