"""Whether the silicon is held back."""

from collections.abc import Iterator
from dataclasses import replace

from prometheus_client.metrics_core import Metric

from edged.clock import NS_PER_S
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.sampling.throttling import ThrottlingTotals

STATE = Family(
    "edged_cooling_state", "gauge", ("cooling_device",), "State of the cooling device now; 0 is no cooling."
)
MAX_STATE = Family(
    "edged_cooling_max_state", "gauge", ("cooling_device",), "Strongest state of the cooling device."
)
THROTTLED = Family(
    "edged_throttled",
    "gauge",
    ("cpu_cluster",),
    "Whether the kernel holds the clock of the CPU cluster down because of heat: 1 or 0.",
)

SECONDS = Family(
    "edged_throttled_seconds_total",
    "counter",
    ("cpu_cluster",),
    "Time that the CPU cluster was throttled.",
)
EVENTS = Family(
    "edged_throttle_events_total",
    "counter",
    ("cpu_cluster",),
    "Times that throttling of the CPU cluster began.",
)
_BY_KERNEL = "By the kernel's own counters (cooling_device*/stats), which lose nothing."
_BY_SAMPLES = "By the states seen in samples, as this kernel has no CONFIG_THERMAL_STATISTICS."


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    devices = snapshot.board.cooling_devices
    states = snapshot.conditions.cooling_states if snapshot.conditions else {}
    yield from STATE.of(((device.name,), states.get(device.name)) for device in devices)
    yield from MAX_STATE.of(((device.name,), device.max_state) for device in devices)
    # Of a cluster that no cooling device limits, nobody here can tell.
    limited = dict.fromkeys(device.cpu_cluster for device in devices if device.cpu_cluster)
    totals = {name: snapshot.throttling.get(name, ThrottlingTotals()) for name in limited}
    how = _BY_KERNEL if all(each.counted_by_kernel for each in totals.values()) else _BY_SAMPLES
    seconds = replace(SECONDS, help=f"{SECONDS.help} {how}")
    yield from THROTTLED.of(((name,), int(each.throttled)) for name, each in totals.items())
    yield from seconds.of(((name,), each.throttled_ns / NS_PER_S) for name, each in totals.items())
    yield from EVENTS.of(((name,), each.events) for name, each in totals.items())


THROTTLING = Subject("throttling", (STATE, MAX_STATE, THROTTLED, SECONDS, EVENTS), _collect)
