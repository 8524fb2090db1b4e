"""Counters and results as the journal has them: they go on from the last life, and are shown once written.

Why they wait for that stands in `edged/journal/writer.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

from edged.exposition.collected import Collected
from edged.exposition.results import RESULTS
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.journal.counters import CounterKey, Counters

_COUNTING = ("counter", "histogram")


@dataclass(frozen=True, slots=True)
class _Continued:
    """A subject's counters with what earlier lives counted, and its results.

    Attributes:
        collected: What it gave.
        metrics: The families of it that wait for the journal.
        counters: The samples among them that go on in the next life.
    """

    collected: tuple[Metric, ...]
    metrics: tuple[Metric, ...]
    counters: Counters


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
        self._beside = beside
        families = [(subject, family) for subject in subjects for family in subject.families]
        # The kernel goes on counting while edged is not there.
        self._resuming = {
            family.metric().name
            for _, family in families
            if family.kind in _COUNTING and not family.counted_by_kernel
        }
        # A result that somebody saw is in the journal: it is held back as long as what counts it.
        self._results = {family.metric().name for family in RESULTS.families}
        waiting = self._resuming | self._results
        self._subjects = tuple(
            dict.fromkeys(subject for subject, family in families if family.metric().name in waiting)
        )
        self._collected = Collected()
        self._continued: dict[str, _Continued] = {}
        self._taken = self._metrics(latest())
        self._shown = self._taken

    def take(self) -> Counters:
        """All counters now; those of the last life that nothing counts any more stay as they were."""
        snapshot = self._latest()
        self._taken = self._metrics(snapshot)
        counters = dict(self._base)
        for continued in self._continued.values():
            counters.update(continued.counters)
        return {**counters, **self._beside(snapshot)}

    def kept(self) -> None:
        """What was taken last is shown from now on."""
        self._shown = self._taken

    def shown(self, metric: Metric) -> Metric:
        """The family as it may be shown: a counter or result as it was kept last, anything else as it is."""
        if metric.name in self._results:
            return self._shown.get(metric.name, Metric(metric.name, metric.documentation, metric.type))
        return self._shown.get(metric.name, metric)

    def _metrics(self, snapshot: Snapshot) -> Mapping[str, Metric]:
        for subject in self._subjects:
            collected = self._collected.of(subject, snapshot)
            last = self._continued.get(subject.name)
            if last is None or last.collected is not collected:
                self._continued[subject.name] = self._continue(collected)
        return {metric.name: metric for continued in self._continued.values() for metric in continued.metrics}

    def _continue(self, collected: tuple[Metric, ...]) -> _Continued:
        counting = [self._with_base(metric) for metric in collected if metric.name in self._resuming]
        results = [metric for metric in collected if metric.name in self._results]
        counters = {_key(sample): sample.value for metric in counting for sample in metric.samples}
        return _Continued(collected, (*counting, *results), counters)

    def _with_base(self, metric: Metric) -> Metric:
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
