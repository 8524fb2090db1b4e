"""When the next measurement comes, and how often one was deferred."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.clock import NS_PER_S
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

NEXT = Family(
    "edged_schedule_next_timestamp_seconds",
    "gauge",
    (),
    "When the next measurement is to begin, by the wall clock; absent while nobody can know it.",
)
DEFERRED = Family(
    "edged_measurements_deferred_total",
    "counter",
    ("reason",),
    "Slots of the schedule whose measurement had to wait, each counted once, under the first reason.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    state = snapshot.schedule
    if state.next_ns is not None:
        yield from NEXT.single(snapshot.wall_s + (state.next_ns - snapshot.at_ns) / NS_PER_S)
    yield from DEFERRED.of(((reason.value,), count) for reason, count in state.deferred.items())


SCHEDULE = Subject("schedule", (NEXT, DEFERRED), _collect)
