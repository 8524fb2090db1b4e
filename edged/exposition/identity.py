"""Which edged, on which board."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.board.cpu_list import format_cpu_list
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

BUILD = Family(
    "edged_build_info",
    "info",
    ("version", "revision", "python", "engine", "engine_version"),
    "Version of edged, of Python and of the inference engine.",
)
BOARD = Family(
    "edged_board_info",
    "info",
    ("model", "soc", "kernel", "power_source", "simulated"),
    'The board. power_source is what measures power, "none" if nothing does; '
    'simulated is "true" where sensors are simulated.',
)
CLUSTER = Family(
    "edged_cpu_cluster_info",
    "info",
    ("cpu_cluster", "core", "cpus"),
    "A CPU cluster: the CPUs that share one clock.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    build, board = snapshot.build, snapshot.board
    identity = board.identity
    yield from BUILD.of(
        [((build.version, build.revision, build.python, build.engine, build.engine_version), 1)]
    )
    simulated = "true" if snapshot.simulated else "false"
    yield from BOARD.of(
        [((identity.model, identity.soc, identity.kernel, snapshot.power_source, simulated), 1)]
    )
    yield from CLUSTER.of(
        ((cluster.name, cluster.core, format_cpu_list(cluster.cpus)), 1) for cluster in board.clusters
    )


IDENTITY = Subject("identity", (BUILD, BOARD, CLUSTER), _collect)
