"""EdgedModelFailing ends soon after the case was valid, or is no longer measured."""

from pathlib import Path

import pytest

from tests.integration.rules.promtool import Sample, run, written_test
from tests.integration.rules.trial import LABELS

pytestmark = pytest.mark.usefixtures("promtool")

_CASE = 'model="m",alpha="0.5",precision="int8",cpu_cluster="big"'
_OTHER_CASE = _CASE.replace('"m"', '"n"')
_EVERY_MIN = 10
# For more than ten hours it fails every hour.
_SAMPLES, _ENDS_AT = 90, 63


@pytest.mark.parametrize(
    ("after", "fires"),
    [
        # A week is looked at in steps of an hour.
        ("valid", {62: 1, 66: 0, 89: 0}),
        # It may only be that the board does not answer for a while; after three hours it is not.
        ("gone", {62: 1, 68: 1, 79: 1, 82: 0, 89: 0}),
        # Neither valid nor a failure: others use the board.
        ("rejected", {62: 1, 89: 1}),
    ],
)
def test_it_ends_when_the_case_is_well_or_is_no_more(
    after: str, fires: dict[int, int], tmp_path: Path
) -> None:
    failures = [Sample(float(min(number, _ENDS_AT) // 6)) for number in range(_SAMPLES)]
    valid = [Sample(float(after == "valid" and number >= _ENDS_AT)) for number in range(_SAMPLES)]
    if after == "gone":
        for row in (failures, valid):
            row[_ENDS_AT:] = [Sample("stale"), *[Sample(None)] * (_SAMPLES - _ENDS_AT - 1)]
    series = {
        f"up{{{LABELS}}}": [Sample(1.0)] * _SAMPLES,
        f'edged_board_info{{{LABELS},model="XU3",simulated="false"}}': [Sample(1.0)] * _SAMPLES,
        f"edged_inference_failures_total{{{LABELS},{_CASE}}}": failures,
        f"edged_measurements_total{{{LABELS},{_CASE}}}": valid,
        f"edged_measurements_total{{{LABELS},{_OTHER_CASE}}}": [
            Sample(float(number)) for number in range(_SAMPLES)
        ],
    }
    expr = 'count(ALERTS{alertname="EdgedModelFailing",alertstate="firing"}) or vector(0)'
    checks = [
        {
            "expr": expr,
            "eval_time": f"{number * _EVERY_MIN}m",
            "exp_samples": [{"labels": "{}", "value": count}],
        }
        for number, count in fires.items()
    ]
    path = tmp_path / "model.yml"
    path.write_text(written_test(_EVERY_MIN, series, {"promql_expr_test": checks}), encoding="utf-8")
    done = run("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr
