"""What Prometheus needs for so many boards, at the shipped scrape interval and with the shipped rules."""

import time
from dataclasses import dataclass
from pathlib import Path

from tests.system.fleet.boards import fleet
from tests.system.fleet.prometheus import Prometheus, prometheus
from tests.system.fleet.recording import Recording

# Every board has been scraped for the second time by then, and the first burst of new series is over.
_SETTLE_S = 31.0
_WINDOW_S = 45.0
# Time for a change of the targets to be taken up.
_TAKEN_UP_S = 6.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured.

    Attributes:
        boards: How many there were.
        series: Series in the head, those that the rules record included.
        samples_per_s: Samples taken in each second, those of the rules included.
        wal_bytes_per_sample: What the write-ahead log takes of the disk for each sample.
        cpu_per_scrape_s: CPU time for each scrape of one board, storage and rules included, in seconds.
        rules_cpu_s: CPU time to evaluate all rules once, with hardly any history, in seconds.
        rss_bytes: Resident memory, with the first few samples of each series.
        heap_bytes: Part of it that Go's heap has in use.
        with_results: Whether the rules ran that record results every ten minutes, which is a matter of luck.
    """

    boards: int
    series: float
    samples_per_s: float
    wal_bytes_per_sample: float
    cpu_per_scrape_s: float
    rules_cpu_s: float
    rss_bytes: float
    heap_bytes: float
    with_results: bool

    @property
    def cpu_ratio(self) -> float:
        """Share of one CPU."""
        return self.cpu_per_scrape_s * self.boards / 15


def appended(metrics: dict[str, float]) -> float:
    """Samples taken so far."""
    return metrics['prometheus_tsdb_head_samples_appended_total{type="float"}']


def measured(recording: Recording, boards: int, directory: Path) -> Cost:
    """Have Prometheus scrape a fleet for a minute and a half.

    Args:
        recording: What the boards serve.
        boards: How many.
        directory: Where Prometheus' data go.
    """
    with fleet(recording, boards) as targets, prometheus(directory, targets) as server:
        time.sleep(_SETTLE_S)
        before, before_s, before_bytes = server.metrics(), time.monotonic(), _wal_bytes(server)
        time.sleep(_WINDOW_S)
        after, window_s, after_bytes = server.metrics(), time.monotonic() - before_s, _wal_bytes(server)
        check(server, boards, recording)
        at_s = at_rest(server)
        with_results = bool(server.ask("case:edged_measurements_total:max", time=at_s).result)
        rules_cpu_s = sum(
            server.ask(rule["query"], time=at_s).cpu_s for group in server.rules().values() for rule in group
        )
    samples = appended(after) - appended(before)
    cpu_s = after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]
    return Cost(
        boards,
        after["prometheus_tsdb_head_series"],
        samples / window_s,
        (after_bytes - before_bytes) / samples,
        cpu_s / (boards * window_s / 15),
        rules_cpu_s,
        after["process_resident_memory_bytes"],
        after["go_memstats_heap_inuse_bytes"],
        with_results,
    )


def check(server: Prometheus, boards: int, recording: Recording) -> None:
    """See that what is measured is a fleet in good health, scraped whole."""
    assert server.value("sum(up)") == boards
    assert server.value("min(scrape_samples_scraped)") == recording.series
    assert server.ask('ALERTS{alertstate="firing"}').result == []
    assert server.unwell_rules() == []


def at_rest(server: Prometheus) -> float:
    """Have it scrape nothing any more, so that its CPU time is that of queries.

    Returns:
        When it still did, by the wall clock in seconds.
    """
    at_s = time.time()
    server.scrape([])
    time.sleep(_TAKEN_UP_S)
    return at_s


def _wal_bytes(server: Prometheus) -> int:
    return sum(path.stat().st_size for path in (server.directory / "data/wal").glob("0*"))
