"""A metric family as data: its name, type, labels and help, in one place for scrape, table and tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client.metrics_core import Metric

Kind = Literal["gauge", "counter", "info", "histogram"]

_SAMPLE_SUFFIX = {"gauge": "", "counter": "_total", "info": "_info"}


@dataclass(frozen=True, slots=True)
class Family:
    """One metric family.

    Attributes:
        name: Full name as it is scraped, with `_total` or `_info`; a histogram without its suffixes.
        kind: Its type in OpenMetrics.
        labels: Names of its labels, in the order of each row's values.
        help: What it says, for people.
        counted_by_kernel: Whether the kernel counts it, and goes on while edged is not there.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str
    counted_by_kernel: bool = False

    def metric(self) -> Metric:
        """The family without samples, as prometheus-client knows it."""
        return Metric(self.name.removesuffix(_SAMPLE_SUFFIX.get(self.kind, "")), self.help, self.kind)

    def of(self, rows: Iterable[tuple[Sequence[str], float | None]]) -> Iterable[Metric]:
        """The family with its samples: one metric, or none at all where nothing has a value.

        Args:
            rows: Values of the labels, and the value; a row without a value is left out.
        """
        metric = self.metric()
        for values, value in rows:
            if value is not None:
                metric.add_sample(self.name, dict(zip(self.labels, values, strict=True)), value)
        if metric.samples:
            yield metric

    def single(self, value: float | None) -> Iterable[Metric]:
        """The family of one sample without labels."""
        return self.of([((), value)])
