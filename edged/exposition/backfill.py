"""The journal as OpenMetrics with time stamps, for `promtool tsdb create-blocks-from openmetrics`.

promtool wants one family at a time, the samples of a series together and in order of time, and `# EOF`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from prometheus_client.samples import Sample, Timestamp

from edged.exposition.case_account import case_labels
from edged.exposition.results import RESULTS, result_metrics
from edged.journal.record import Record

_Series = tuple[tuple[str, str], ...]


def backfill(records: Iterable[Record], labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """The results of valid measurements whose wall time can be right; simulated ones are labelled so.

    Args:
        records: Others among them are left out.
        labels: What every series has besides, such as `instance`, which a scrape would have added.
    """
    registry = CollectorRegistry()
    registry.register(_Results(records, labels))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text.decode()


class _Results(Collector):
    def __init__(self, records: Iterable[Record], labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._samples: dict[str, dict[tuple[_Series, int], Sample]] = {}
        for record in records:
            if record.measurement.verdict.valid and record.wall_is_trusted:
                self._add(record)

    def describe(self) -> Iterator[Metric]:
        return (family.metric() for family in RESULTS.families)

    def collect(self) -> Iterator[Metric]:
        for family in RESULTS.families:
            metric = family.metric()
            found = self._samples.get(metric.name, {})
            metric.samples = [found[key] for key in sorted(found)]
            if metric.samples:
                yield metric

    def _add(self, record: Record) -> None:
        measurement = record.measurement
        # Prometheus keeps whole milliseconds; of two samples in one, the later measurement stands.
        at_ms = math.floor(measurement.finished_wall_s * 1_000)
        stamp = Timestamp(at_ms // 1_000, at_ms % 1_000 * 1_000_000)
        mark = {"simulated": "true"} if record.life.simulation else {}
        for metric in result_metrics([(case_labels(measurement.case), measurement)]):
            samples = self._samples.setdefault(metric.name, {})
            for sample in metric.samples:
                labels = {**self._labels, **sample.labels, **mark}
                key = (tuple(sorted(labels.items())), at_ms)
                samples[key] = sample._replace(labels=labels, timestamp=stamp)
