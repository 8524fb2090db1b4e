"""`/metrics` as a WSGI application: what is rendered when, and in which format."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

from edged.clock import SystemClock
from edged.exposition.metrics_page import MetricsPage
from edged.exposition.scrape import registry_of
from tests.unit.exposition.facts import SNAPSHOT

OPENMETRICS = (
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4"
)


class Counted(Collector):
    """One family, and how often it was collected."""

    def __init__(self) -> None:
        self.times = 0

    def collect(self) -> Iterator[Metric]:
        self.times += 1
        metric = Metric("collected", "How often.", "gauge")
        metric.add_sample("collected", {}, self.times)
        yield metric


def asked(page: MetricsPage, **environ: str) -> tuple[dict[str, str], bytes]:
    said: dict[str, str] = {}

    def start_response(_status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        said.update(headers)

    body = b"".join(page({"REQUEST_METHOD": "GET", **environ}, start_response))
    assert said["Content-Length"] == str(len(body))
    return said, body


def test_it_is_rendered_once_for_each_snapshot_and_format() -> None:
    counted, snapshots = Counted(), [object()]
    registry = CollectorRegistry()
    registry.register(counted)
    counted.times = 0
    page = MetricsPage(registry, lambda: snapshots[-1])
    _, first = asked(page)
    _, zipped = asked(page, HTTP_ACCEPT_ENCODING="gzip, deflate")
    assert gzip.decompress(zipped) == first
    assert counted.times == 1
    asked(page, HTTP_ACCEPT=OPENMETRICS)
    asked(page, HTTP_ACCEPT=OPENMETRICS)
    assert counted.times == 2
    snapshots.append(object())
    assert asked(page)[1] != first
    assert counted.times == 3


def test_without_snapshots_it_is_rendered_each_time() -> None:
    counted = Counted()
    registry = CollectorRegistry()
    registry.register(counted)
    page = MetricsPage(registry)
    assert asked(page)[1] != asked(page)[1]


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, identity", False),
        ("*", False),
    ],
)
def test_gzip_is_for_those_who_name_it(accepted: str, zipped: bool) -> None:
    page = MetricsPage(registry_of(lambda: SNAPSHOT, SystemClock()))
    headers, body = asked(page, HTTP_ACCEPT_ENCODING=accepted)
    assert (headers.get("Content-Encoding") == "gzip") is zipped
    assert body.startswith(b"\x1f\x8b") is zipped
    assert headers["Vary"] == "Accept, Accept-Encoding"


def test_families_can_be_chosen_by_name() -> None:
    snapshots = [replace(SNAPSHOT)]
    page = MetricsPage(registry_of(lambda: snapshots[-1], SystemClock()), lambda: snapshots[-1])
    _, everything = asked(page)
    _, chosen = asked(page, QUERY_STRING="name[]=edged_board_info&name[]=edged_build_info")
    families = [line.split()[2] for line in chosen.decode().splitlines() if line.startswith("# TYPE")]
    assert sorted(families) == ["edged_board_info", "edged_build_info"]
    assert asked(page, QUERY_STRING="other=1")[1] == everything
