"""Metrics as text, against prometheus-client's own."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.metrics_core import METRIC_TYPES, Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import CollectorRegistry

from edged.clock import SystemClock
from edged.exposition.scrape import registry_of
from edged.exposition.text import Texts
from tests.unit.exposition.test_golden_metrics import after_a_sweep

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
LABELS = st.dictionaries(NAMES, st.text(max_size=5), max_size=3)
VALUES = st.one_of(st.floats(), st.integers(-(10**18), 10**18))


@st.composite
def metrics(draw: st.DrawFn) -> list[Metric]:
    drawn = []
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        metric = Metric(name, draw(st.text(max_size=9)), draw(st.sampled_from(METRIC_TYPES)))
        suffix = {"counter": "_total", "info": "_info"}.get(metric.type, "")
        for labels, value in draw(st.lists(st.tuples(LABELS, VALUES), max_size=4)):
            metric.add_sample(name + suffix, labels, value)
        drawn.append(metric)
    return drawn


class Fixed(CollectorRegistry):
    """A registry with these metrics."""

    def __init__(self, metrics: list[Metric]) -> None:
        super().__init__()
        self._metrics = metrics

    def collect(self) -> Any:
        return iter(self._metrics)


def by_the_library(registry: CollectorRegistry) -> bytes:
    written: bytes = openmetrics.generate_latest(registry)  # type: ignore[no-untyped-call]
    return written


@given(st.lists(metrics(), max_size=3))
def test_it_writes_what_prometheus_client_writes_one_scrape_after_the_other(
    scrapes: list[list[Metric]],
) -> None:
    texts = Texts()
    for scrape in scrapes:
        registry = Fixed(scrape)
        assert b"".join(texts.plain(scrape)) == generate_latest(registry)
        assert b"".join(texts.openmetrics(scrape)) == by_the_library(registry)


def test_a_board_after_a_sweep_reads_as_prometheus_client_writes_it() -> None:
    snapshot = after_a_sweep()
    scrape = list(registry_of(lambda: snapshot, SystemClock()).collect())
    texts = Texts()
    assert b"".join(texts.plain(scrape)) == generate_latest(Fixed(scrape))
    assert b"".join(texts.openmetrics(scrape)) == by_the_library(Fixed(scrape))
