"""EdgedSensorDoubtful ends soon after the sensor is right again, however many measurements that has cost."""

from itertools import accumulate
from pathlib import Path

import pytest

from tests.integration.rules.promtool import Sample, run, written_test
from tests.integration.rules.trial import LABELS

pytestmark = pytest.mark.usefixtures("promtool")

_CASE = 'model="m",alpha="0.5",precision="int8",cpu_cluster="big"'
# A measurement every four minutes; for four hours its sensor is frozen or lost.
_EVERY_MIN = 4
_WRONG = range(60, 300)
_MINUTES = 420


def _counter(*, wrong: bool) -> list[Sample]:
    """A counter of the measurements that went wrong, or of those that did not."""
    steps = (minute % _EVERY_MIN == 0 and (minute in _WRONG) is wrong for minute in range(_MINUTES))
    return [Sample(float(count)) for count in accumulate(steps, initial=0)][1:]


@pytest.mark.parametrize(
    ("up_meanwhile", "fires"),
    [
        # Half of the time that is known was wrong after two hours; it is over when half an hour was right.
        (1.0, {110: 0, 140: 1, 299: 1, 325: 1, 335: 0, 419: 0}),
        # Neither while the sensor is lost, which is another alert, nor when it has come back.
        (0.0, {140: 0, 299: 0, 305: 0, 329: 0, 419: 0}),
    ],
    ids=["frozen", "lost"],
)
def test_it_ends_half_an_hour_after_the_sensor_is_right_again(
    up_meanwhile: float, fires: dict[int, int], tmp_path: Path
) -> None:
    up = [Sample(up_meanwhile if minute in _WRONG else 1.0) for minute in range(_MINUTES)]
    series = {
        f"up{{{LABELS}}}": [Sample(1.0)] * _MINUTES,
        f'edged_board_info{{{LABELS},model="XU3",simulated="false"}}': [Sample(1.0)] * _MINUTES,
        f'edged_sensor_up{{{LABELS},sensor="ina231 0x40"}}': up,
        f"edged_measurements_total{{{LABELS},{_CASE}}}": _counter(wrong=False),
        f'edged_measurements_rejected_total{{{LABELS},{_CASE},reason="sensor_lost"}}': _counter(wrong=True),
    }
    expr = 'count(ALERTS{alertname="EdgedSensorDoubtful",alertstate="firing"}) or vector(0)'
    checks = [
        {"expr": expr, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": count}]}
        for minute, count in fires.items()
    ]
    path = tmp_path / "sensor.yml"
    path.write_text(written_test(1, series, {"promql_expr_test": checks}), encoding="utf-8")
    done = run("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr
