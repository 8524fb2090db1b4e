"""What subjects gave, collected again only where what they are made of has changed."""

from dataclasses import dataclass
from operator import is_

from prometheus_client.metrics_core import Metric

from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject


@dataclass(frozen=True, slots=True)
class _Last:
    """What a subject gave, and from what."""

    inputs: tuple[object, ...]
    metrics: tuple[Metric, ...]


class Collected:
    """Subjects filled from snapshots, one thread at a time."""

    def __init__(self) -> None:
        """Nothing is collected yet."""
        self._last: dict[str, _Last] = {}

    def of(self, subject: Subject, snapshot: Snapshot) -> tuple[Metric, ...]:
        """The subject's families: the very same tuple as long as its inputs are the same objects."""
        if subject.inputs is None:
            return tuple(subject.collect(snapshot))
        inputs = subject.inputs(snapshot)
        last = self._last.get(subject.name)
        if last is None or len(last.inputs) != len(inputs) or not all(map(is_, last.inputs, inputs)):
            last = self._last[subject.name] = _Last(inputs, tuple(subject.collect(snapshot)))
        return last.metrics
