"""Boards in a hurry: a head with as many samples as after an hour, and the fleet dashboard over an hour.

Each scrape is 15 s of the board's time later and takes place after a twentieth of that, as every duration of
the rules is a twentieth. A chunk is full at 120 samples and leaves the heap then: from there on memory does
not grow with the number of samples.
"""

import json
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.system.alerts.hurried import FACTOR, hurried
from tests.system.fleet.boards import address, fleet
from tests.system.fleet.cost import appended, at_rest, check
from tests.system.fleet.prometheus import Prometheus, prometheus
from tests.system.fleet.recording import INTERVAL_S, PROJECT, Recording

BOARDS = 10
_INTERVAL_S = INTERVAL_S / FACTOR
# One full chunk, which is half an hour of a board's time, and some more.
_FEW = 12
_FULL = 132
# Those that look back a day or a week find nothing here.
_LONG = ("edged.rules.days", "edged.alerts.results", "edged.alerts.models")
DASHBOARD = PROJECT / "dashboards/edged-fleet.json"
_FEWER = (2, 5, BOARDS)


@dataclass(frozen=True, slots=True)
class Memory:
    """Prometheus' memory at one moment.

    Attributes:
        samples_per_series: How many samples each series has.
        rss_bytes: Resident memory.
        heap_bytes: Part of it that Go's heap has in use, after a collection or before one.
    """

    samples_per_series: float
    rss_bytes: float
    heap_bytes: float


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the fleet dashboard, and what it took.

    Attributes:
        panel: The panel's title.
        expression: As the dashboard has it.
        points: How many moments it was asked for.
        boards: For how many boards, in the order of `cpu_s`.
        cpu_s: CPU time to evaluate it, in seconds.
    """

    panel: str
    expression: str
    points: int
    boards: tuple[int, ...]
    cpu_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FullHead:
    """What was measured.

    Attributes:
        memory: With few samples of each series, and with a chunk of each that is full.
        rules_cpu_s: CPU time to evaluate the rules of each group once, by group, in seconds.
        dashboard: The queries of the fleet dashboard over the last half hour.
    """

    memory: tuple[Memory, Memory]
    rules_cpu_s: dict[str, float]
    dashboard: tuple[Query, ...]


def measured(recording: Recording, directory: Path) -> FullHead:
    """Let the head fill, and then ask.

    Args:
        recording: What the boards serve.
        directory: Where Prometheus' data go.
    """
    interval = f"{round(_INTERVAL_S * 1000)}ms"
    with fleet(recording, BOARDS) as targets, prometheus(directory, targets, interval) as server:
        time.sleep(_INTERVAL_S * _FEW)
        few = _memory(server)
        time.sleep(_INTERVAL_S * (_FULL - _FEW))
        full = _memory(server)
        check(server, BOARDS, recording)
        at_s = at_rest(server)
        rules_cpu_s = {
            group: sum(server.ask(hurried(rule["query"]), time=at_s).cpu_s for rule in rules)
            for group, rules in server.rules().items()
            if group not in _LONG
        }
        return FullHead(
            (few, full), rules_cpu_s, tuple(_timed(server, at_s, *each) for each in dashboard_queries())
        )


def _memory(server: Prometheus) -> Memory:
    metrics = server.metrics()
    return Memory(
        appended(metrics) / metrics["prometheus_tsdb_head_series"],
        metrics["process_resident_memory_bytes"],
        metrics["go_memstats_heap_inuse_bytes"],
    )


def dashboard_queries() -> Iterator[tuple[str, str, bool]]:
    """The queries of the fleet dashboard: panel, expression, and whether it is asked for one moment only."""
    for panel in _panels(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]):
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"], bool(target.get("instant"))


def _panels(panels: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for panel in panels:
        yield panel
        yield from _panels(panel.get("panels", []))


def _timed(server: Prometheus, at_s: float, panel: str, expression: str, instant: bool) -> Query:
    # What Grafana fills in, for boards that live twenty times as fast.
    range_s = int(_FULL * _INTERVAL_S)
    text = expression.replace("$__range", f"{range_s}s").replace(
        "$__rate_interval", f"{round(4 * _INTERVAL_S)}s"
    )
    over = {"time": at_s} if instant else {"start": at_s - range_s, "end": at_s, "step": _INTERVAL_S}
    times = []
    for boards in _FEWER:
        chosen = "|".join(re.escape(address(board)) for board in range(boards))
        asked = text.replace("$job", "edged").replace("$instance", chosen.replace("\\", "\\\\"))
        times.append(statistics.median(server.ask(asked, **over).cpu_s for _ in range(3)))
    return Query(panel, expression, 1 if instant else _FULL, _FEWER, tuple(times))
