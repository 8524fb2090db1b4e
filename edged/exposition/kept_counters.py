"""Counters and results as the journal has them: they go on from the last life, and are shown once written.

Why they wait for that stands in `edged/journal/writer.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

from edged.exposition.results import RESULTS
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
        beside: What else of a snapshot must be kept together with its counters, and is not shown.
    """

    def __init__(
        self,
        base: Counters,
        latest: Callable[[], Snapshot],
        subjects: Iterable[Subject],
        beside: Callable[[Snapshot], Counters] = lambda _: {},
    ) -> None:
        """Show what the last life left: it is in the journal already."""
        self._base = base
        self._latest = latest
        self._subjects = tuple(subjects)
        self._beside = beside
        # The kernel goes on counting while edged is not there.
        self._resuming = {
            family.metric().name
            for subject in self._subjects
            for family in subject.families
            if family.kind in _COUNTING and not family.counted_by_kernel
        }
        # A result that somebody saw is in the journal: it is held back as long as what counts it.
        self._results = {family.metric().name for family in RESULTS.families}
        self._taken = self._metrics(latest())
        self._shown = self._taken

    def take(self) -> Counters:
        """All counters now; those of the last life that nothing counts any more stay as they were."""
        snapshot = self._latest()
        self._taken = self._metrics(snapshot)
        counting = (metric for name, metric in self._taken.items() if name in self._resuming)
        counts = {_key(s): s.value for metric in counting for s in metric.samples}
        return {**self._base, **counts, **self._beside(snapshot)}

    def kept(self) -> None:
        """What was taken last is shown from now on."""
        self._shown = self._taken

    def shown(self, metric: Metric) -> Metric:
        """The family as it may be shown: a counter or result as it was kept last, anything else as it is."""
        if metric.name in self._results:
            return self._shown.get(metric.name, Metric(metric.name, metric.documentation, metric.type))
        return self._shown.get(metric.name, metric)

    def _metrics(self, snapshot: Snapshot) -> Mapping[str, Metric]:
        return {
            metric.name: self._continued(metric) if metric.name in self._resuming else metric
            for subject in self._subjects
            for metric in subject.collect(snapshot)
            if metric.name in self._resuming | self._results
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
