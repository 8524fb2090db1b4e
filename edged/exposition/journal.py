"""How the journal does."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

BYTES = Family("edged_journal_bytes", "gauge", (), "Size of the journal and its write-ahead log.")
FAILURES = Family(
    "edged_journal_failures_total",
    "counter",
    (),
    "Writes to the journal that failed, and measurements that it lost because of that.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    if snapshot.journal:
        yield from BYTES.single(snapshot.journal.size_bytes)
        yield from FAILURES.single(snapshot.journal.failures)


JOURNAL = Subject("journal", (BYTES, FAILURES), _collect)
