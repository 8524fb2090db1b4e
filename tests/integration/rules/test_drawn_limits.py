"""A limit that a dashboard draws is that of the alert about the same quantity."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edged.grafana import thresholds
from tests.integration.grafana.asked import filled
from tests.integration.rules.promtool import Sample, run, written_test
from tests.integration.rules.shipped import alert, measured_by
from tests.integration.rules.test_files import SHARED_THRESHOLDS
from tests.unit.grafana.promql import metrics_in
from tests.unit.grafana.shipped import DASHBOARDS, dashboard, panels

# By the title of a panel, or the name of a table's column.
ALERT_ABOUT = {
    "Margin to critical": "EdgedNearCritical",
    "To critical": "EdgedNearCritical",
    "Throttled time": "EdgedThrottled",
    "Throttled share of time": "EdgedThrottled",
    "Throttled share of time by CPU cluster": "EdgedThrottled",
    "Throttled share of inferences": "EdgedThrottledInferences",
    "Coverage": "EdgedCoverageLow",
    "Coverage by rail": "EdgedCoverageLow",
    "Lowest coverage": "EdgedCoverageLow",
    "Change of latency": "EdgedLatencyRegression",
    "Largest slow-down": "EdgedLatencyRegression",
    "Change of energy": "EdgedEnergyRegression",
    "Largest extra cost": "EdgedEnergyRegression",
    "Uncertainty of energy": "EdgedUncertaintyHigh",
    "Rejected share": "EdgedMeasurementsRejected",
    "Next measurement in": "EdgedScheduleStalled",
    "Cost of a scrape": "EdgedScrapeSlow",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a panel or of a column.

    Attributes:
        uid: The dashboard.
        name: Title of the panel, or name of the column.
        values: Where a colour begins.
        metrics: What the values are made of.
    """

    uid: str
    name: str
    values: frozenset[float]
    metrics: frozenset[str]


def limits() -> list[Limit]:
    """All limits but those that are one of something: one board down, one sensor lost."""
    return [limit for uid in DASHBOARDS for limit in _limits(uid) if limit.values - {1}]


def _limits(uid: str) -> Iterator[Limit]:
    for panel in panels(dashboard(uid)):
        expressions = {target["refId"]: target["expr"] for target in panel["targets"]}
        steps = panel["fieldConfig"]["defaults"].get("thresholds")
        yield Limit(uid, panel["title"], _values(steps), _metrics(expressions.values()))
        columns = {
            new: old.removeprefix("Value #")
            for step in panel.get("transformations", [])
            if step["id"] == "organize"
            for old, new in step["options"]["renameByName"].items()
        }
        for override in panel["fieldConfig"]["overrides"]:
            for each in override["properties"]:
                if each["id"] == "thresholds":
                    name = override["matcher"]["options"]
                    yield Limit(uid, name, _values(each["value"]), _metrics([expressions[columns[name]]]))


def _values(steps: Any) -> frozenset[float]:
    return frozenset(step["value"] for step in (steps or {"steps": []})["steps"] if step["value"] is not None)


def _metrics(expressions: Any) -> frozenset[str]:
    # Which targets are boards is no quantity.
    return frozenset().union(*map(metrics_in, expressions)) - {"edged_build_info"}


@pytest.mark.parametrize("limit", limits(), ids=lambda each: f"{each.uid}-{each.name}")
def test_a_limit_is_that_of_the_alert_about_the_same_quantity(limit: Limit) -> None:
    name = ALERT_ABOUT[limit.name]
    assert limit.metrics <= measured_by(alert(name))
    allowed = {getattr(thresholds, constant) for each, constant, *_ in SHARED_THRESHOLDS if each == name}
    assert {abs(value) for value in limit.values} <= allowed


def test_no_alert_is_named_for_a_limit_that_is_not_drawn() -> None:
    assert {limit.name for limit in limits()} == set(ALERT_ABOUT)


@pytest.mark.usefixtures("promtool")
def test_a_rejection_for_two_reasons_is_one_rejection_and_the_worst_board_is_shown(tmp_path: Path) -> None:
    (panel,) = [each for each in panels(dashboard("edged-self")) if each["title"] == "Rejected share"]
    expr = filled(panel["targets"][0]["expr"], {"job": ".+", "instance": ".+"})
    # In each minute one good measurement, and on one board one that is bad for two reasons.
    counters = {
        f'edged_measurements_{name},job="edged",model="m",cpu_cluster="big",alpha="",precision="fp32"}}': step
        for name, step in {
            'total{instance="hot"': 1,
            'rejected_total{reason="throttled",instance="hot"': 1,
            'rejected_total{reason="unsteady",instance="hot"': 1,
            'total{instance="cool"': 1,
            'rejected_total{reason="throttled",instance="cool"': 0,
        }.items()
    }
    series = {name: [Sample(float(step * minute)) for minute in range(5)] for name, step in counters.items()}
    expected = [{"labels": "{}", "value": 0.5}]
    shown = {"expr": expr.replace("[30s]", "[3m]"), "eval_time": "4m", "exp_samples": expected}
    path = tmp_path / "test.yml"
    path.write_text(written_test(1, series, {"promql_expr_test": [shown]}), encoding="utf-8")
    done = run("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr
