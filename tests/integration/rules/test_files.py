"""The files with the alerts: correct, and in agreement with metrics, dashboards and runbook."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from edged.grafana import thresholds
from tests.integration.rules.promtool import RULE_FILES, RULES, run
from tests.integration.rules.shipped import (
    Alert,
    Record,
    alert,
    alerts,
    interval_s,
    metric_names,
    recorded,
    records,
    runbook,
)
from tests.integration.rules.trials import TRIALS

every_alert = pytest.mark.parametrize("each", alerts(), ids=lambda each: each.name)
SEVERITIES = {"critical", "warning", "info"}

# What every user of edged is promised to be told of.
PROMISED = {
    "board down": "EdgedBoardDown",
    "throttling now": "EdgedThrottled",
    "throttled share of inferences": "EdgedThrottledInferences",
    "near critical": "EdgedNearCritical",
    "fan not responding": "EdgedFanNotResponding",
    "latency regression": "EdgedLatencyRegression",
    "energy regression": "EdgedEnergyRegression",
    "schedule stalled": "EdgedScheduleStalled",
    "worker crash-looping": "EdgedWorkerCrashLooping",
    "model failing": "EdgedModelFailing",
    "sensor lost": "EdgedSensorLost",
    "coverage low": "EdgedCoverageLow",
    "uncertainty high": "EdgedUncertaintyHigh",
    "reload failed": "EdgedReloadFailed",
    "clock stepped": "EdgedClockStepped",
}


def sections() -> dict[str, str]:
    """The runbook's sections by heading."""
    parts = re.split(r"^## ", runbook().read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {heading.strip(): body for heading, _, body in (part.partition("\n") for part in parts)}


@pytest.mark.usefixtures("promtool")
def test_promtool_finds_nothing_wrong_with_the_rules() -> None:
    done = run("check", "rules", "--lint-fatal", *RULE_FILES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_promised_alert_is_there() -> None:
    assert set(PROMISED.values()) <= {each.name for each in alerts()}


def test_every_alert_has_its_tests_and_no_other_has() -> None:
    assert {trial.alert for trial in TRIALS} == {each.name for each in alerts()}


@every_alert
def test_an_alert_says_how_urgent_it_is_what_it_is_and_where_to_read_on(each: Alert) -> None:
    severity = re.search(r"^          severity: (\w+)$", each.text, re.MULTILINE)
    assert severity
    assert severity[1] in SEVERITIES
    assert re.search(r"^          summary: \S", each.text, re.MULTILINE)
    assert re.search(r"^          description: \S", each.text, re.MULTILINE)
    assert f"runbook_url: deploy/RUNBOOK.md#{each.name.lower()}\n" in each.text


@every_alert
def test_an_alert_of_a_board_says_whether_the_board_is_simulated(each: Alert) -> None:
    assert "instance:edged_board:simulated" in each.expr or each.name == "EdgedNoBoards"


@every_alert
def test_the_runbook_says_of_an_alert_what_it_means_how_to_see_it_and_what_to_do(each: Alert) -> None:
    body = sections()[each.name]
    for part in ("What it means", "How to see it", "What to do", "When it is harmless"):
        assert f"**{part}.**" in body, part


def test_the_runbook_has_no_section_of_an_alert_that_is_not_there() -> None:
    assert {name for name in sections() if name.startswith("Edged")} == {each.name for each in alerts()}


def test_the_rules_name_only_metrics_that_are_written_down(shared: Path) -> None:
    known = (shared / "METRICS.md").read_text(encoding="utf-8")
    for path in RULE_FILES:
        for name in metric_names(path.read_text(encoding="utf-8")):
            assert f"`{name}`" in known or f"`{_suffix(name)}`" in known, name


def _suffix(name: str) -> str:
    """METRICS.md writes only the end of a name that begins as the one before it does."""
    return "_" + "_".join(name.split("_")[-2:])


def expressions() -> str:
    """Those of all alerts and recording rules."""
    return " ".join([*(each.expr for each in alerts()), *(each.expr for each in records())])


def test_alerts_and_rules_use_only_records_that_rules_make_and_none_is_for_nothing() -> None:
    used = set(re.findall(r"\w+:\w+:\w+", expressions()))
    assert used <= recorded()
    # Two are for long ranges only.
    assert recorded() - used == {
        "instance:edged_temperature_celsius:max",
        "instance_rail:edged_rail_energy_joules:rate5m",
    }


@pytest.mark.parametrize("each", records(), ids=lambda record: record.name)
def test_a_record_is_there_when_it_is_asked_for_even_if_an_evaluation_was_missed(each: Record) -> None:
    windows = set(re.findall(rf"(?<![\w:]){each.name}\b(\[1d\])?", expressions())) - {"[1d]"}
    # Outside a window of a day a sample counts for five minutes.
    assert not windows or 2 * interval_s(each.group) < 300


# Alert, constant, how it stands in the rule, in what unit or sense.
SHARED_THRESHOLDS: tuple[tuple[str, str, str, Callable[[float], float]], ...] = (
    ("EdgedNearCritical", "NEAR_CRITICAL_MARGIN_K", "< {:g}", float),
    ("EdgedThrottled", "THROTTLED_TIME_RATIO", "> {:g}", float),
    ("EdgedThrottledInferences", "THROTTLED_INFERENCES_RATIO", "> {:g}", float),
    ("EdgedCoverageLow", "COVERAGE_MIN_RATIO", "> {:g}", lambda covered: 1 - covered),
    ("EdgedLatencyRegression", "LATENCY_REGRESSION_RATIO", "- 1 > {:g}", float),
    ("EdgedEnergyRegression", "ENERGY_REGRESSION_RATIO", "- 1 > {:g}", float),
    ("EdgedUncertaintyHigh", "UNCERTAINTY_MAX_RATIO", "> {:g}", float),
    ("EdgedScheduleStalled", "SCHEDULE_LATE_S", "> {:g}", float),
    ("EdgedWorkerCrashLooping", "WORKER_RESTARTS_MAX", "> {:g}", float),
    ("EdgedWorkerCrashLooping", "WORKER_RESTARTS_WINDOW_S", "[{:g}m]", lambda seconds: seconds / 60),
    ("EdgedMeasurementsRejected", "REJECTED_SHARE_RATIO", "> {:g}", float),
    ("EdgedSensorDoubtful", "REJECTED_SHARE_RATIO", "> {:g}", float),
    ("EdgedScrapeSlow", "SCRAPE_SLOW_S", "> {:g}", float),
)


@pytest.mark.parametrize(("name", "constant", "form", "convert"), SHARED_THRESHOLDS)
def test_dashboards_draw_the_thresholds_of_the_alerts(
    name: str, constant: str, form: str, convert: Callable[[float], float]
) -> None:
    threshold = form.format(convert(getattr(thresholds, constant)))
    assert re.search(rf"{re.escape(threshold)}(?![\d.])", alert(name).expr)


def test_no_threshold_of_the_dashboards_is_without_an_alert() -> None:
    drawn = {name for name in vars(thresholds) if name.isupper()}
    assert drawn == {constant for _, constant, _, _ in SHARED_THRESHOLDS}


def test_no_file_names_a_path_of_a_machine() -> None:
    for path in (*RULES.glob("*.yml"), runbook()):
        assert not re.search(r"(?<![\w.])/(home|work|root|tmp)/", path.read_text(encoding="utf-8")), path
