"""What the board did while the inferences that count ran."""

from bisect import bisect_right
from collections.abc import Sequence
from statistics import fmean

from edged.board.parts import CpuCluster
from edged.inference.job import Inference
from edged.measurement.result import Surroundings
from edged.sampling.conditions import Conditions


def look_round(
    conditions: Sequence[Conditions],
    cluster: CpuCluster,
    worker_cpus: Sequence[int],
    inferences: Sequence[Inference],
) -> Surroundings:
    """Sum up the conditions from the first to the last inference that counts.

    Args:
        conditions: Samples in order of time; those before and after may be among them.
        cluster: Where the inferences ran.
        worker_cpus: CPUs of the worker; the cluster's other CPUs show what others did.
        inferences: Those that count, in order of time; at least one.
    """
    start_ns, end_ns = inferences[0].start_ns, inferences[-1].end_ns
    during = [c for c in conditions if c.end_ns > start_ns and c.start_ns < end_ns]
    frequencies_hz = _frequencies_hz(during, cluster.name, inferences)
    temperatures_c = [c.hottest_c for c in during if c.hottest_c is not None]
    others = [cpu for cpu in cluster.cpus if cpu not in worker_cpus]
    return Surroundings(
        frequency_hz=fmean(frequencies_hz) if frequencies_hz else None,
        frequency_range_hz=(min(frequencies_hz), max(frequencies_hz)) if frequencies_hz else None,
        temperature_c=max(temperatures_c, default=None),
        foreign_load_ratio=_load_ratio(during, others),
        waiting_ratio=_waiting_ratio(inferences),
    )


def unseen_s(conditions: Sequence[Conditions], inferences: Sequence[Inference], guard_ns: int) -> float:
    """How much of the inferences, and of the idle time before them, no sample tells of, in seconds.

    Args:
        conditions: Samples in order of time, none missing between the first and the last.
        inferences: Those that count, in order of time; at least one.
        guard_ns: Idle time before the first of them.
    """
    start_ns, end_ns = inferences[0].start_ns - guard_ns, inferences[-1].end_ns
    seen_ns = 0
    if conditions:
        seen_ns = max(0, min(end_ns, conditions[-1].end_ns) - max(start_ns, conditions[0].start_ns))
    return (end_ns - start_ns - seen_ns) / 1e9


def foreign_cpus(
    conditions: Sequence[Conditions],
    cluster: CpuCluster,
    worker_cpus: Sequence[int],
    inferences: Sequence[Inference],
    guard_ns: int,
) -> float:
    """How many CPUs of the cluster others used during the inferences, beyond those in the idle time.

    What others do all the time is in the baseline and does no harm to net energy; what changes does.

    Args:
        conditions: Samples in order of time.
        cluster: Where the inferences ran.
        worker_cpus: CPUs of the worker.
        inferences: Those that count, in order of time; at least one.
        guard_ns: Idle time before the first and after the last of them.

    Returns:
        0 where the load is not known.
    """
    start_ns, end_ns = inferences[0].start_ns, inferences[-1].end_ns
    others = [cpu for cpu in cluster.cpus if cpu not in worker_cpus]
    busy = [c for c in conditions if c.start_ns >= start_ns and c.end_ns <= end_ns]
    idle = [
        c
        for c in conditions
        if (start_ns - guard_ns <= c.start_ns and c.end_ns <= start_ns)
        or (end_ns <= c.start_ns and c.end_ns <= end_ns + guard_ns)
    ]
    during, beside = _load_ratio(busy, others), _load_ratio(idle, others)
    return 0.0 if during is None or beside is None else (during - beside) * len(others)


def _frequencies_hz(during: Sequence[Conditions], name: str, inferences: Sequence[Inference]) -> list[int]:
    """Clocks seen while busy; where no sample met an inference, all seen from the first to the last."""
    starts_ns = [inference.start_ns for inference in inferences]
    seen, busy = [], []
    for sample in during:
        if (frequency_hz := sample.frequencies_hz.get(name)) is None:
            continue
        seen.append(frequency_hz)
        before = bisect_right(starts_ns, sample.end_ns) - 1
        if before >= 0 and sample.end_ns <= inferences[before].end_ns:
            busy.append(frequency_hz)
    return busy or seen


def _load_ratio(during: Sequence[Conditions], cpus: Sequence[int]) -> float | None:
    duration_s = sum(c.end_ns - c.start_ns for c in during) / 1e9
    if not cpus or not duration_s or not any(cpu in c.busy_s for c in during for cpu in cpus):
        return None
    return sum(c.busy_s.get(cpu, 0.0) for c in during for cpu in cpus) / (duration_s * len(cpus))


def _waiting_ratio(inferences: Sequence[Inference]) -> float:
    """Share of the latency that the calling thread had no CPU: a neighbour had it, or an interrupt."""
    wall_ns = sum(inference.end_ns - inference.start_ns for inference in inferences)
    return max(0.0, 1.0 - sum(inference.cpu_ns for inference in inferences) / wall_ns) if wall_ns else 0.0
