"""Clocks of the CPU clusters and of the DRAM controller."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.clock import NS_PER_S
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

_CLUSTER = ("cpu_cluster",)

NOW = Family("edged_cpu_frequency_hertz", "gauge", _CLUSTER, "Clock of the CPU cluster now.")
LIMIT = Family(
    "edged_cpu_frequency_limit_hertz",
    "gauge",
    _CLUSTER,
    "Highest clock allowed now: by the user, or by the kernel because of heat.",
)
MAXIMUM = Family("edged_cpu_frequency_max_hertz", "gauge", _CLUSTER, "Highest clock of the hardware.")
TIME = Family(
    "edged_cpu_frequency_seconds_total",
    "counter",
    ("cpu_cluster", "frequency_hertz"),
    "Time that the CPU cluster spent at each clock, as the kernel counts it.",
    counted_by_kernel=True,
)
MEMORY = Family("edged_memory_frequency_hertz", "gauge", (), "Clock of the DRAM controller.")


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    yield from TIME.of(
        ((cluster, str(clock_hz)), spent_ns / NS_PER_S)
        for cluster, times_ns in snapshot.time_in_state_ns.items()
        for clock_hz, spent_ns in times_ns.items()
    )
    conditions = snapshot.conditions
    if conditions:
        yield from NOW.of(((name,), clock_hz) for name, clock_hz in conditions.frequencies_hz.items())
        yield from LIMIT.of(((name,), limit_hz) for name, limit_hz in conditions.limits_hz.items())
        yield from MEMORY.single(conditions.memory_frequency_hz)
    yield from MAXIMUM.of(((cluster.name,), cluster.max_frequency_hz) for cluster in snapshot.board.clusters)


FREQUENCY = Subject("frequency", (NOW, LIMIT, MAXIMUM, TIME, MEMORY), _collect)
