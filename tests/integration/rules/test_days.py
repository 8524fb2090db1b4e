"""The results of a day, compared with those of last week: what is no day, and what was measured otherwise."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.rules.promtool import Sample, run, written_test
from tests.integration.rules.shipped import groups, needed_by
from tests.integration.rules.trial import LABELS

pytestmark = pytest.mark.usefixtures("promtool")

_ALERTS = ("EdgedLatencyRegression", "EdgedEnergyRegression")
_RULES = needed_by(*_ALERTS)
_CASE = 'model="m",alpha="0.5",precision="int8",cpu_cluster="big"'
# In steps of an hour.
_DAY = 24
_WEEK = 7 * _DAY
_HOURS = 16 * _DAY + 1
_BIG_J, _MEM_J = 0.09, 0.05
# When these rules are loaded in place of those before them.
_LOADED_AT = 8 * _DAY

Values = Sequence[float | None]


def _series(metrics: Mapping[str, float | Values]) -> dict[str, list[Sample]]:
    """Metrics of a case by name and own labels, with those that every board has."""
    rows: dict[str, float | Values] = {
        f"up{{{LABELS}}}": 1.0,
        f'edged_board_info{{{LABELS},model="XU3",simulated="false"}}': 1.0,
        f"edged_measurements_total{{{LABELS},{_CASE}}}": [float(hour) for hour in range(_HOURS)],
    }
    for name, values in metrics.items():
        metric, _, own = name.partition(" ")
        rows[f"{metric}{{{LABELS},{_CASE}{own}}}"] = values
    return {
        name: [
            Sample(value) for value in (values if isinstance(values, Sequence) else [float(values)] * _HOURS)
        ]
        for name, values in rows.items()
    }


def _results(
    latency_s: Values, mem_j: Values = (_MEM_J,) * _HOURS, big_j: Values = (_BIG_J,) * _HOURS
) -> dict[str, float | Values]:
    return {
        "edged_measurement_latency_seconds": latency_s,
        "edged_measurement_latency_uncertainty_seconds": 0.001,
        "edged_measurement_cpu_frequency_hertz": 2e9,
        'edged_measurement_net_energy_joules ,rail="big"': big_j,
        'edged_measurement_net_energy_joules ,rail="mem"': mem_j,
        'edged_measurement_net_energy_uncertainty_joules ,rail="big"': 0.001,
        'edged_measurement_net_energy_uncertainty_joules ,rail="mem"': 0.001,
    }


def _changed(usual: float, value: float | None, hours: range) -> Values:
    return [value if hour in hours else usual for hour in range(_HOURS)]


def _firing(alert: str, hours: Sequence[int], *, count: int) -> list[dict[str, Any]]:
    """At each of these hours, so many alerts fire."""
    expr = f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)'
    return [
        {"expr": expr, "eval_time": f"{hour}h", "exp_samples": [{"labels": "{}", "value": count}]}
        for hour in hours
    ]


def _check(
    directory: Path, series: Mapping[str, Sequence[Sample]], checks: list[dict[str, Any]], rules: str = _RULES
) -> None:
    path, rule_file = directory / "days.yml", directory / "rules.yml"
    rule_file.write_text(rules, encoding="utf-8")
    text = written_test(60, series, {"promql_expr_test": checks}, [rule_file])
    path.write_text(text, encoding="utf-8")
    done = run("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("lost_h", [1, 2, 3, 8, 11, 12, 13, 16, 24, 40])
def test_a_rail_that_is_lost_for_some_hours_is_no_regression_when_it_is_back_nor_a_week_later(
    lost_h: int, tmp_path: Path
) -> None:
    lost = range(2 * _DAY, 2 * _DAY + lost_h)
    series = _series(_results((0.1,) * _HOURS, _changed(_MEM_J, None, lost)))
    _check(tmp_path, series, _firing("EdgedEnergyRegression", range(_HOURS), count=0))


@pytest.mark.parametrize("added_h", [1, 2, 3, 8, 11, 12, 13, 16, 24, 40])
def test_a_rail_that_is_there_for_some_hours_does_not_let_an_odd_measurement_through(
    added_h: int, tmp_path: Path
) -> None:
    """By the medians alone the number of rails would be the same, and the energy that of the odd one."""
    added = range(9 * _DAY, 9 * _DAY + added_h)
    odd = range(9 * _DAY - 2, 9 * _DAY)
    mem_j = [_MEM_J if hour in added else None for hour in range(_HOURS)]
    series = _series(_results((0.1,) * _HOURS, mem_j, _changed(_BIG_J, 1.3 * _BIG_J, odd)))
    _check(tmp_path, series, _firing("EdgedEnergyRegression", range(_HOURS), count=0))


def test_a_rail_that_is_lost_for_an_hour_hides_no_regression(tmp_path: Path) -> None:
    worse = range(8 * _DAY, _HOURS)
    lost = range(8 * _DAY + 4, 8 * _DAY + 5)
    mem_j = _changed(_MEM_J, None, lost)
    series = _series(_results((0.1,) * _HOURS, mem_j, _changed(_BIG_J, 1.3 * _BIG_J, worse)))
    fires_at = 8 * _DAY + _DAY // 2 + 3
    _check(
        tmp_path,
        series,
        _firing("EdgedEnergyRegression", range(8 * _DAY), count=0)
        + _firing("EdgedEnergyRegression", range(fires_at, 15 * _DAY), count=1),
    )


def _loaded_late() -> str:
    """The shipped rules, that record no result before they are loaded."""
    results = groups()["edged.rules.results"]
    loaded = f"and on () vector(time()) >= {_LOADED_AT * 3600}"
    late = re.sub(
        r"expr: (?:\|\n)?(.*\n(?: {10}.*\n)*)",
        rf"expr: |\n          (\n          \1          ) {loaded}\n",
        results,
    )
    assert results in _RULES
    return _RULES.replace(results, late)


def _before() -> dict[str, float | Values]:
    """What the rules before them have recorded, until these are loaded."""

    def until_loaded(value: float) -> Values:
        return [value if hour < _LOADED_AT else None for hour in range(_HOURS)]

    return {
        "case:edged_measurements:increase1d": until_loaded(24.0),
        "case:edged_measurement_latency_seconds:median1d": until_loaded(0.1),
        "case:edged_measurement_latency_uncertainty_seconds:median1d": until_loaded(0.001),
        "case:edged_measurement_cpu_frequency_hertz:median1d": until_loaded(2e9),
        "case:edged_measurement_net_energy_joules:sum_median1d": until_loaded(_BIG_J + _MEM_J),
        "case:edged_measurement_net_energy_rails:count1d": until_loaded(2.0),
        "case:edged_measurement_net_energy_uncertainty_joules:sum_median1d": until_loaded(0.0014),
    }


@pytest.mark.parametrize("factor", [1.3, 0.7], ids=["slow", "fast"])
def test_some_odd_hours_after_the_rules_are_loaded_fire_nothing_then_nor_a_week_later(
    factor: float, tmp_path: Path
) -> None:
    odd = range(_LOADED_AT - 2, _LOADED_AT + 6)
    latency_s, big_j = _changed(0.1, 0.1 * factor, odd), _changed(_BIG_J, _BIG_J * factor, odd)
    series = _series(_before() | _results(latency_s, big_j=big_j))
    checks = [check for alert in _ALERTS for check in _firing(alert, range(_HOURS), count=0)]
    _check(tmp_path, series, checks, _loaded_late())


def test_what_is_worse_since_the_rules_are_loaded_is_told_after_a_day(tmp_path: Path) -> None:
    worse = range(_LOADED_AT, _HOURS)
    latency_s, big_j = _changed(0.1, 0.13, worse), _changed(_BIG_J, 1.3 * _BIG_J, worse)
    series = _series(_before() | _results(latency_s, big_j=big_j))
    # Like any other, it waits for an hour.
    fires_at = _LOADED_AT + _DAY + 1
    checks = [
        check
        for alert in _ALERTS
        for hours, count in ((range(fires_at), 0), (range(fires_at, _LOADED_AT + _WEEK), 1))
        for check in _firing(alert, hours, count=count)
    ]
    _check(tmp_path, series, checks, _loaded_late())
