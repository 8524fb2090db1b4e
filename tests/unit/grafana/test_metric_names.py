"""A dashboard names only what edged exports."""

import re
from pathlib import Path

import pytest

from edged.grafana import thresholds
from tests.unit.grafana.promql import metrics_in
from tests.unit.grafana.shipped import (
    DASHBOARDS,
    dashboard,
    expressions,
    panels,
    promql_of_variable,
    variable_queries,
)

# Made by Prometheus itself for each target, and by its rules.
_BY_PROMETHEUS = {"up", "ALERTS", "scrape_duration_seconds"}
_BY_CLIENT = {
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_start_time_seconds",
}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_metric_stands_in_metrics_md(uid: str, shared: Path) -> None:
    known = _named_in((shared / "METRICS.md").read_text(encoding="utf-8"))
    assert _metrics(uid) - known - _BY_PROMETHEUS - _BY_CLIENT == set()


def _metrics(uid: str) -> set[str]:
    shipped = dashboard(uid)
    asked = [expr for _, expr in expressions(shipped)]
    asked += [promql_of_variable(query) for _, query in variable_queries(shipped)]
    found = set().union(*(metrics_in(expr) for expr in asked))
    return {name.removesuffix("_bucket") for name in found}


def _named_in(text: str) -> set[str]:
    """The names in the table: `_short` ones go on where the one before them ends."""
    names: set[str] = set()
    for row in re.findall(r"^\| `.*", text, re.MULTILINE):
        whole = ""
        for name in re.findall(r"`(edged_\w+|_\w+)`", row):
            if not name.startswith("_"):
                whole = name
                names.add(name)
            else:
                # `edged_a_b_total`, `_c_total`: what is replaced begins at any underscore.
                parts = whole.split("_")
                names |= {"_".join(parts[:end]) + name for end in range(1, len(parts) + 1)}
    names |= {
        f"{name[: -len('_joules')]}_component_joules"
        for name in names
        if name.endswith("_uncertainty_joules")
    }
    return names


def test_limits_are_drawn_where_the_alerts_have_them() -> None:
    """That the alert is about what the panel shows is tested beside the alerts."""
    drawn = {
        (panel["title"], step["value"])
        for uid in DASHBOARDS
        for panel in panels(dashboard(uid))
        if panel["fieldConfig"]["defaults"].get("custom", {}).get("thresholdsStyle") == {"mode": "dashed"}
        for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        if step["value"] is not None
    }
    assert drawn == {
        ("Margin to critical", thresholds.NEAR_CRITICAL_MARGIN_K),
        ("Throttled share of time", thresholds.THROTTLED_TIME_RATIO),
        ("Throttled share of time by CPU cluster", thresholds.THROTTLED_TIME_RATIO),
        ("Throttled share of inferences", thresholds.THROTTLED_INFERENCES_RATIO),
        ("Coverage by rail", thresholds.COVERAGE_MIN_RATIO),
        ("Uncertainty of energy", thresholds.UNCERTAINTY_MAX_RATIO),
        ("Cost of a scrape", thresholds.SCRAPE_SLOW_S),
    }
