"""Measurements by their verdict."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.case_account import CASE_LABELS
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

VALID = Family("edged_measurements_total", "counter", CASE_LABELS, "Valid measurements.")
REJECTED = Family(
    "edged_measurements_rejected_total",
    "counter",
    (*CASE_LABELS, "reason"),
    "Rejected measurements by reason; one with several reasons counts under each.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    yield from VALID.of((case.labels, case.valid) for case in snapshot.cases)
    yield from REJECTED.of(
        ((*case.labels, reason.value), count)
        for case in snapshot.cases
        for reason, count in case.rejected.items()
    )


MEASUREMENTS = Subject("measurements", (VALID, REJECTED), _collect, lambda snapshot: snapshot.cases)
