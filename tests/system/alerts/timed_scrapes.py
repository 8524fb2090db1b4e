"""What a scrape costs, as a test wants it: in truth it is this machine's time, not the simulated board's."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.metrics_core import Metric

from edged.exposition.scrape import SnapshotCollector

_collect = SnapshotCollector.collect


@dataclass(slots=True)
class _Stepping:
    """A clock that is later each time that it is looked at."""

    step_ns: int
    now_ns: int = 0

    def monotonic_ns(self) -> int:
        self.now_ns += self.step_ns
        return self.now_ns


def let_each_subject_take(duration_ns: int) -> None:
    """Have each part of every scrape seem to take so long."""

    def timed(self: SnapshotCollector) -> Iterator[Metric]:
        setattr(self, "_clock", _Stepping(duration_ns))  # noqa: B010 - mypy refuses an assignment
        return _collect(self)

    setattr(SnapshotCollector, "collect", timed)  # noqa: B010
