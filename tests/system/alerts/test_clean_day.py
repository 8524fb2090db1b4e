"""A day on which nothing goes wrong fires nothing."""

import os
from pathlib import Path

import pytest

from edged.simulation.scenario import AirChange, Scenario
from tests.system.alerts.firing import firing
from tests.system.alerts.recording import record

pytestmark = pytest.mark.usefixtures("promtool")

_HOUR_S = 3600.0
# A room: cool at night, warm in the afternoon.
_DAY = Scenario(
    ambient_c=20.0,
    air=(AirChange(8 * _HOUR_S, 24.0), AirChange(14 * _HOUR_S, 30.0), AirChange(20 * _HOUR_S, 24.0)),
)


@pytest.mark.skipif(
    "EDGED_WHOLE_DAY" not in os.environ, reason="a day takes some minutes: make test-alerts-day"
)
@pytest.mark.parametrize("kind", ["xu3", "xu4"])
def test_a_clean_day_fires_nothing(kind: str, tmp_path: Path) -> None:
    recording = record(_DAY, tmp_path, hours=24.0, kind=kind, every_s=900.0)
    # It was a day of work: nothing fires does not mean that nothing was there.
    (up,) = [row for name, row in recording.series.items() if name.startswith("up{")]
    assert len(up) == 24 * 60
    counted = [row[-1].value for name, row in recording.series.items() if "edged_measurements_total{" in name]
    assert sum(value for value in counted if isinstance(value, float)) > 80
    # Only an XU3 has power sensors.
    assert any("edged_sensor_up{" in name for name in recording.series) is (kind == "xu3")
    assert firing(recording, tmp_path) == {}
