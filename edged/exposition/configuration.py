"""Whether the configuration on the disk is the one that holds; names as Prometheus has them for itself."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

SUCCESSFUL = Family(
    "edged_config_last_reload_successful",
    "gauge",
    (),
    "Whether the configuration could be used when it was read last; if not, the one before still holds.",
)
SUCCESS_TIME = Family(
    "edged_config_last_reload_success_timestamp_seconds",
    "gauge",
    (),
    "When a configuration that could be used was read last.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    if snapshot.reload:
        yield from SUCCESSFUL.single(float(snapshot.reload.successful))
        yield from SUCCESS_TIME.single(snapshot.reload.success_wall_s)


CONFIGURATION = Subject("config", (SUCCESSFUL, SUCCESS_TIME), _collect)
