"""Whether the silicon is held back."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

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


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    devices = snapshot.board.cooling_devices
    states = snapshot.conditions.cooling_states if snapshot.conditions else {}
    throttled = {device.cpu_cluster: 0 for device in devices if device.cpu_cluster}
    for device in devices:
        if device.cpu_cluster and states.get(device.name):
            throttled[device.cpu_cluster] = 1
    yield from STATE.of(((device.name,), states.get(device.name)) for device in devices)
    yield from MAX_STATE.of(((device.name,), device.max_state) for device in devices)
    yield from THROTTLED.of(((cluster,), value) for cluster, value in throttled.items())


THROTTLING = Subject("throttling", (STATE, MAX_STATE, THROTTLED), _collect)
