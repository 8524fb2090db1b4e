"""Counters as the journal has them: they go on from the last life, and are shown once they are written.

Why they wait for that stands in `edged/journal/writer.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.journal.counters import CounterKey, Counters

_COUNTING = ("counter", "histogram")


class KeptCounters:
    """A `CounterSource` of the journal. One thread takes, any thread asks what to show.

    Args:
        base: All counters of the last life.
        latest: Gives the newest snapshot.
        subjects: Whose counters.
    """

    def __init__(self, base: Counters, latest: Callable[[], Snapshot], subjects: Iterable[Subject]) -> None:
        """Show what the last life left: it is in the journal already."""
        self._base = base
        self._latest = latest
        self._subjects = tuple(subjects)
        # The kernel goes on counting while edged is not there.
        self._resuming = {
            family.metric().name
            for subject in self._subjects
            for family in subject.families
            if family.kind in _COUNTING and not family.counted_by_kernel
        }
        self._taken = self._metrics()
        self._shown = self._taken

    def take(self) -> Counters:
        """All counters now; those of the last life that nothing counts any more stay as they were."""
        self._taken = self._metrics()
        now = {_key(s): s.value for metric in self._taken.values() for s in metric.samples}
        return {**self._base, **now}

    def kept(self) -> None:
        """What was taken last is shown from now on."""
        self._shown = self._taken

    def shown(self, metric: Metric) -> Metric:
        """The family as it may be shown: a counter as it was kept last, anything else as it is."""
        return self._shown.get(metric.name, metric)

    def _metrics(self) -> Mapping[str, Metric]:
        snapshot = self._latest()
        return {
            metric.name: self._continued(metric)
            for subject in self._subjects
            for metric in subject.collect(snapshot)
            if metric.name in self._resuming
        }

    def _continued(self, metric: Metric) -> Metric:
        """The family with what earlier lives counted."""
        continued = Metric(metric.name, metric.documentation, metric.type)
        for _, series in groupby(metric.samples, key=_without_bound):
            samples = list(series)
            keys = [_key(sample) for sample in samples]
            # A histogram of other buckets cannot be gone on with: its counts would contradict each other.
            known = all(key in self._base for key in keys)
            continued.samples += [
                sample._replace(value=sample.value + (self._base[key] if known else 0))
                for sample, key in zip(samples, keys, strict=True)
            ]
        return continued


def _key(sample: Sample) -> CounterKey:
    return sample.name, frozenset(sample.labels.items())


def _without_bound(sample: Sample) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sample.labels.items() if name != "le"]
