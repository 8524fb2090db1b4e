"""Power and energy of each rail."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

INFO = Family(
    "edged_rail_info",
    "info",
    ("rail", "sensor", "chip", "address", "supplies"),
    "A rail whose power is measured, and the sensor that does it.",
)
POWER = Family("edged_rail_power_watts", "gauge", ("rail",), "Power in the newest reading.")
VOLTAGE = Family("edged_rail_voltage_volts", "gauge", ("rail",), "Voltage in the newest reading.")
CURRENT = Family("edged_rail_current_amperes", "gauge", ("rail",), "Current in the newest reading.")
ENERGY = Family(
    "edged_rail_energy_joules_total",
    "counter",
    ("rail",),
    "Energy over the time that readings cover; nothing is added for other time.",
)
OBSERVED = Family("edged_rail_observed_seconds_total", "counter", ("rail",), "Time that readings cover.")
UNOBSERVED = Family(
    "edged_rail_unobserved_seconds_total",
    "counter",
    ("rail",),
    "Time that no reading covers: the energy in it is not known.",
)
IDLE = Family(
    "edged_rail_idle_power_watts",
    "gauge",
    ("rail",),
    "Idle baseline of the rail in the last valid measurement.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    states = [((state.rail.name,), state) for state in snapshot.rails]
    readings = [(labels, state.newest) for labels, state in states if state.newest]
    rails = [state.rail for state in snapshot.rails]
    yield from INFO.of(
        ((rail.name, rail.sensor, rail.chip, rail.address, rail.supplies), 1) for rail in rails
    )
    yield from POWER.of((labels, reading.power_uw / 1e6) for labels, reading in readings)
    yield from VOLTAGE.of((labels, _from_micro(reading.voltage_uv)) for labels, reading in readings)
    yield from CURRENT.of((labels, _from_micro(reading.current_ua)) for labels, reading in readings)
    yield from ENERGY.of((labels, state.totals.counted_j) for labels, state in states)
    yield from OBSERVED.of((labels, state.totals.observed_ns / 1e9) for labels, state in states)
    yield from UNOBSERVED.of((labels, state.totals.unobserved_ns / 1e9) for labels, state in states)
    yield from IDLE.of(((rail,), power_w) for rail, power_w in snapshot.idle_power_w.items())


def _from_micro(value: int | None) -> float | None:
    return None if value is None else value / 1e6


RAIL_POWER = Subject("power", (INFO, POWER, VOLTAGE, CURRENT, ENERGY, OBSERVED, UNOBSERVED, IDLE), _collect)
