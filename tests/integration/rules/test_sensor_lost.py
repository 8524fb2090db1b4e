"""EdgedSensorLost tells of each rail of a sensor, and of a sensor whose rails are not known."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.rules.promtool import Sample, run, written_test
from tests.integration.rules.trial import LABELS

pytestmark = pytest.mark.usefixtures("promtool")


@pytest.mark.parametrize("rails", [["big", "little"], ["big"], [""]])
def test_each_rail_of_a_sensor_is_told_of(rails: Sequence[str], tmp_path: Path) -> None:
    names = [
        f'edged_board_info{{{LABELS},model="XU3",simulated="false"}}',
        *(f'edged_rail_info{{{LABELS},sensor="meter",rail="{rail}"}}' for rail in rails if rail),
    ]
    series = {name: [Sample(1.0)] * 20 for name in names}
    series[f'edged_sensor_up{{{LABELS},sensor="meter"}}'] = [Sample(0.0)] * 20
    expr = 'count by (rail) (ALERTS{alertname="EdgedSensorLost",alertstate="firing"})'
    told = [{"labels": f'{{rail="{rail}"}}' if rail else "{}", "value": 1} for rail in rails]
    path = tmp_path / "sensor.yml"
    check = {"expr": expr, "eval_time": "15m", "exp_samples": told}
    path.write_text(written_test(1, series, {"promql_expr_test": [check]}), encoding="utf-8")
    done = run("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr
