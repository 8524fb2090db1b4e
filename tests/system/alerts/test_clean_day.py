"""A day on which nothing goes wrong fires nothing, on a board with power sensors or without."""

from pathlib import Path

import pytest

from edged.simulation.scenario import AirChange, Scenario
from tests.system.alerts.firing import firing
from tests.system.alerts.recording import Recording, record

pytestmark = pytest.mark.usefixtures("promtool")

_HOUR_S = 3600.0
# A room: cool at night, warm in the afternoon.
_DAY = Scenario(
    ambient_c=20.0,
    air=(AirChange(8 * _HOUR_S, 24.0), AirChange(14 * _HOUR_S, 30.0), AirChange(20 * _HOUR_S, 24.0)),
)


def test_a_clean_day_fires_nothing(tmp_path: Path) -> None:
    recording = record(_DAY, tmp_path, hours=24.0, every_s=900.0)
    # It was a day of work: nothing fires does not mean that nothing was there.
    (up,) = [row for name, row in recording.series.items() if name.startswith("up{")]
    assert len(up) == 24 * 60
    assert _measured(recording) > 80
    assert firing(recording, tmp_path) == {}


def test_a_clean_hour_of_a_board_without_power_sensors_fires_nothing(tmp_path: Path) -> None:
    recording = record(_DAY, tmp_path, hours=1.0, kind="xu4", every_s=120.0)
    assert not any(name.startswith(("edged_sensor_up{", "edged_rail_info{")) for name in recording.series)
    assert _measured(recording) > 20
    assert firing(recording, tmp_path) == {}


def _measured(recording: Recording) -> float:
    """Valid measurements of all cases."""
    counted = [row[-1].value for name, row in recording.series.items() if "edged_measurements_total{" in name]
    return sum(value for value in counted if isinstance(value, float))
