"""Whether time stamps can be compared: how often somebody set the wall clock."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

STEPS = Family(
    "edged_clock_steps_total",
    "counter",
    (),
    "Times that the wall clock was set, by more than a second.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    yield from STEPS.single(snapshot.clock_steps)


WALL_CLOCK = Subject("clock", (STEPS,), _collect)
