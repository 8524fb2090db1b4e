"""What is known of one case: its live counters, and its last valid measurement."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from types import MappingProxyType
from typing import Self

from edged.inference.job import Inference
from edged.measurement.result import Case, Measurement
from edged.measurement.verdict import Reason

CASE_LABELS = ("model", "alpha", "precision", "cpu_cluster")
CaseLabels = tuple[str, str, str, str]

# 5 ms to 3 s, each 1.7 times the one before: enough to see a case grow slower while it runs. Each bound costs
# a series for each of 16 cases; exact percentiles are among the results.
BUCKETS_S = (*(round(0.005 * 600 ** (step / 12), 4) for step in range(12)), 3.0)


def case_labels(case: Case) -> CaseLabels:
    """The values of `CASE_LABELS`."""
    return (case.model.name, case.model.alpha, case.model.precision, case.cpu_cluster)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Latencies by `BUCKETS_S`.

    Attributes:
        counts: Inferences in each bucket, not cumulated; the last one is for all above.
        sum_s: Sum of the latencies in seconds.
    """

    counts: tuple[int, ...] = (0,) * (len(BUCKETS_S) + 1)
    sum_s: float = 0.0

    def with_latencies(self, latencies_s: Sequence[float]) -> Self:
        """The histogram with more latencies in it."""
        counts = list(self.counts)
        for latency_s in latencies_s:
            counts[bisect_left(BUCKETS_S, latency_s)] += 1
        return replace(self, counts=tuple(counts), sum_s=self.sum_s + sum(latencies_s))

    def cumulated(self) -> list[int]:
        """Inferences up to each bucket's bound; the last one is all."""
        return list(accumulate(self.counts))


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """What is known of one case.

    Attributes:
        labels: The values of `CASE_LABELS`.
        latencies: Of the inferences that count; warm-ups do not.
        throttled: Inferences that overlapped a throttled interval.
        failures: Workers that failed.
        valid: Valid measurements.
        rejected: Rejected measurements by reason; one with two reasons counts under both.
        last_valid: The last valid measurement, without its single inferences; None before the first.
        last: The last measurement, valid or not, without its single inferences; None before the first.
    """

    labels: CaseLabels
    latencies: Histogram = Histogram()
    throttled: int = 0
    failures: int = 0
    valid: int = 0
    rejected: Mapping[Reason, int] = field(default_factory=lambda: MappingProxyType(dict.fromkeys(Reason, 0)))
    last_valid: Measurement | None = None
    last: Measurement | None = None

    def with_inferences(self, inferences: Sequence[Inference]) -> Self:
        """The account after some more inferences."""
        counted = [inference.latency_s for inference in inferences if not inference.warmup]
        return replace(self, latencies=self.latencies.with_latencies(counted)) if counted else self

    def with_measurement(self, measurement: Measurement) -> Self:
        """The account after one more measurement, whose inferences it has already."""
        throttled = self.throttled + measurement.surroundings.throttled_inferences
        last = replace(measurement, inferences=())
        if measurement.verdict.valid:
            return replace(self, throttled=throttled, valid=self.valid + 1, last_valid=last, last=last)
        reasons = {rejection.reason for rejection in measurement.verdict.rejections}
        rejected = {reason: count + (reason in reasons) for reason, count in self.rejected.items()}
        return replace(
            self,
            throttled=throttled,
            failures=self.failures + (Reason.WORKER_FAILED in reasons),
            rejected=MappingProxyType(rejected),
            last=last,
        )
