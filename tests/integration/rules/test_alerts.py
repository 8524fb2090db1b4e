"""Each alert fires, does not fire, survives a gap and survives a counter reset or a restart."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.integration.rules.promtool import run, written_test
from tests.integration.rules.shipped import needed_by
from tests.integration.rules.trial import Disturb, Row, Trial, restart, runbook_anchor
from tests.integration.rules.trials import TRIALS

pytestmark = pytest.mark.usefixtures("promtool")

every_trial = pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.alert)
every_disturbed_trial = pytest.mark.parametrize(
    ("trial", "disturb"),
    [(trial, disturb) for trial in TRIALS for disturb in trial.disturbances],
    ids=lambda value: value.alert if isinstance(value, Trial) else value.__name__,
)


@pytest.fixture
def passes(tmp_path: Path) -> Callable[[Trial, Mapping[str, Row], Mapping[str, Any]], None]:
    def check(trial: Trial, series: Mapping[str, Row], checks: Mapping[str, Any]) -> None:
        path, rules = tmp_path / f"{trial.alert}.yml", tmp_path / "rules.yml"
        rules.write_text(needed_by(trial.alert), encoding="utf-8")
        path.write_text(written_test(trial.interval_min, series, checks, [rules]), encoding="utf-8")
        done = run("test", "rules", path)
        assert done.returncode == 0, done.stdout + done.stderr

    return check


def at(trial: Trial, sample: int, *, firing: bool) -> dict[str, Any]:
    """What is expected of the alert when that sample has come."""
    expected = {
        "exp_labels": {**trial.board, **trial.labels, "severity": trial.severity},
        "exp_annotations": {
            "summary": trial.summary,
            "description": trial.description,
            "runbook_url": runbook_anchor(trial.alert),
        },
    }
    return {
        "alertname": trial.alert,
        "eval_time": f"{sample * trial.interval_min}m",
        "exp_alerts": [expected] if firing else [],
    }


def firing_in(trial: Trial, samples: range, *, count: int) -> list[dict[str, Any]]:
    """At each of these samples, so many alerts fire."""
    expr = f'count(ALERTS{{alertname="{trial.alert}",alertstate="firing"}}) or vector(0)'
    return [
        {
            "expr": expr,
            "eval_time": f"{sample * trial.interval_min}m",
            "exp_samples": [{"labels": "{}", "value": count}],
        }
        for sample in samples
    ]


Passes = Callable[[Trial, Mapping[str, Row], Mapping[str, Any]], None]


@every_trial
def test_it_fires_in_time_and_says_so(trial: Trial, passes: Passes) -> None:
    expected = [at(trial, trial.fires_at - 1, firing=False), at(trial, trial.fires_at, firing=True)]
    passes(trial, trial.series(trial.fires), {"alert_rule_test": expected})


@every_trial
def test_it_does_not_fire_where_all_is_just_well_enough(trial: Trial, passes: Passes) -> None:
    samples = range(trial.samples)
    passes(trial, trial.series(trial.quiet), {"promql_expr_test": firing_in(trial, samples, count=0)})


@every_disturbed_trial
def test_it_goes_on_firing_through_a_gap_and_through_a_reset_or_restart(
    trial: Trial, disturb: Disturb, passes: Passes
) -> None:
    end = min(trial.samples, trial.fires_at + 40 + trial.disturbed_at)
    over_at = trial.disturbed_at + 2 if disturb is restart and trial.over_after_restart else end
    series = trial.disturbed(trial.fires, disturb)
    expected = [
        *firing_in(trial, range(trial.fires_at, over_at), count=1),
        *firing_in(trial, range(over_at, end), count=0),
    ]
    passes(trial, series, {"promql_expr_test": expected})


@every_disturbed_trial
def test_neither_a_gap_nor_a_reset_or_restart_makes_it_fire(
    trial: Trial, disturb: Disturb, passes: Passes
) -> None:
    samples = range(trial.samples)
    series = trial.disturbed(trial.quiet, disturb)
    passes(trial, series, {"promql_expr_test": firing_in(trial, samples, count=0)})
