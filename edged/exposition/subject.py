"""One subject of the exposition: some metric families, and how a snapshot fills them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject.

    Attributes:
        name: Its name in `edged_collector_duration_seconds`.
        families: Every family that it can export.
        collect: The families that have values now.
        inputs: All that `collect` reads, of a subject that reads only what seldom changes: while these are
            the same objects, it is not collected again. None to collect it in each scrape.
    """

    name: str
    families: tuple[Family, ...]
    collect: Callable[[Snapshot], Iterator[Metric]]
    inputs: Callable[[Snapshot], tuple[object, ...]] | None = None
