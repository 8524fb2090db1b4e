"""Live inference: what the running case does."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric
from prometheus_client.utils import floatToGoString

from edged.exposition.case_account import BUCKETS_S, CASE_LABELS, CaseAccount
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

TOTAL = Family(
    "edged_inferences_total",
    "counter",
    CASE_LABELS,
    "Inferences done, warm-ups not counted. Its rate is the frames per second of the running case.",
)
FAILURES = Family(
    "edged_inference_failures_total",
    "counter",
    CASE_LABELS,
    "Times that inference failed: the worker crashed, hung, ran out of memory or refused the model.",
)
RESTARTS = Family(
    "edged_worker_restarts_total",
    "counter",
    (),
    "Workers that ended otherwise than by finishing: they crashed, hung until the time limit, ran out of "
    "memory or refused the model. Each was replaced by a fresh one for the next measurement.",
)
DURATION = Family(
    "edged_inference_duration_seconds",
    "histogram",
    CASE_LABELS,
    "Latency of single inferences, warm-ups not counted.",
)
THROTTLED = Family(
    "edged_throttled_inferences_total",
    "counter",
    CASE_LABELS,
    "Inferences that overlapped an interval in which the CPU cluster was throttled; known when the "
    "measurement has finished.",
)

_BOUNDS = [*map(floatToGoString, BUCKETS_S), "+Inf"]


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    cases = snapshot.cases
    yield from TOTAL.of((case.labels, sum(case.latencies.counts)) for case in cases)
    yield from FAILURES.of((case.labels, case.failures) for case in cases)
    yield from RESTARTS.single(sum(case.failures for case in cases))
    if cases:
        yield _histogram(cases)
    yield from THROTTLED.of((case.labels, case.throttled) for case in cases)


def _histogram(cases: tuple[CaseAccount, ...]) -> Metric:
    metric = DURATION.metric()
    for case in cases:
        labels = dict(zip(CASE_LABELS, case.labels, strict=True))
        cumulated = case.latencies.cumulated()
        for bound, count in zip(_BOUNDS, cumulated, strict=True):
            metric.add_sample(f"{DURATION.name}_bucket", {**labels, "le": bound}, count)
        metric.add_sample(f"{DURATION.name}_count", labels, cumulated[-1])
        metric.add_sample(f"{DURATION.name}_sum", labels, case.latencies.sum_s)
    return metric


INFERENCES = Subject(
    "inferences", (TOTAL, FAILURES, RESTARTS, DURATION, THROTTLED), _collect, lambda snapshot: snapshot.cases
)
