"""How the power sensors do."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

_SENSOR = ("sensor",)

UP = Family("edged_sensor_up", "gauge", _SENSOR, "Whether the sensor answered the last time: 1 or 0.")
READINGS = Family("edged_sensor_readings_total", "counter", _SENSOR, "Readings of the sensor.")
FAILURES = Family("edged_sensor_read_failures_total", "counter", _SENSOR, "Reads that failed.")
MISSED = Family(
    "edged_sensor_missed_updates_total",
    "counter",
    _SENSOR,
    "Averages or lines that the sensor made and that were not caught.",
)
READ_TIME = Family(
    "edged_sensor_read_seconds_total",
    "counter",
    _SENSOR,
    "Time spent reading the sensor, on its bus or line.",
)
INTERVAL = Family(
    "edged_sensor_update_interval_seconds",
    "gauge",
    _SENSOR,
    "Interval between updates of the sensor, as observed.",
)
LAST = Family(
    "edged_sensor_last_reading_timestamp_seconds",
    "gauge",
    _SENSOR,
    "Wall time where the newest reading ends.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    sensors = [((state.health.sensor,), state.health) for state in snapshot.rails]
    yield from UP.of((labels, int(health.up)) for labels, health in sensors)
    yield from READINGS.of((labels, health.readings) for labels, health in sensors)
    yield from FAILURES.of((labels, health.failures) for labels, health in sensors)
    yield from MISSED.of((labels, health.missed_updates) for labels, health in sensors)
    yield from READ_TIME.of((labels, health.read_s) for labels, health in sensors)
    # "a sensor's values vanish while it fails"
    answering = [(labels, health) for labels, health in sensors if health.up]
    yield from INTERVAL.of((labels, health.update_interval_s) for labels, health in answering)
    yield from LAST.of((labels, _wall_s(snapshot, health.last_reading_ns)) for labels, health in sensors)


def _wall_s(snapshot: Snapshot, at_ns: int | None) -> float | None:
    """A monotonic time as wall time, by the two clocks of the snapshot."""
    return None if at_ns is None else snapshot.wall_s - (snapshot.at_ns - at_ns) / 1e9


SENSORS = Subject("sensors", (UP, READINGS, FAILURES, MISSED, READ_TIME, INTERVAL, LAST), _collect)
