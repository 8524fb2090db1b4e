"""Temperatures and trip points."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

NOW = Family(
    "edged_temperature_celsius",
    "gauge",
    ("thermal_zone",),
    "Temperature of the thermal zone; absent while it cannot be read or is bogus.",
)
REJECTED = Family(
    "edged_temperature_rejected_total",
    "counter",
    ("thermal_zone",),
    "Bogus readings of the thermal zone, which are not shown as its temperature.",
)
TRIP = Family(
    "edged_trip_point_celsius",
    "gauge",
    ("thermal_zone", "trip", "action"),
    "Temperature at which the kernel acts: active (a fan), passive (lower clocks) or critical (power off).",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    if snapshot.conditions:
        yield from NOW.of(((zone,), value_c) for zone, value_c in snapshot.conditions.temperatures_c.items())
    rejected = snapshot.rejected_temperatures
    zones = snapshot.board.thermal_zones
    yield from REJECTED.of(((zone.name,), rejected.get(zone.name, 0)) for zone in zones)
    yield from TRIP.of(
        ((zone.name, str(trip.index), trip.action), trip.temperature_c)
        for zone in zones
        for trip in zone.trips
    )


TEMPERATURE = Subject("temperature", (NOW, REJECTED, TRIP), _collect)
