"""One scrape: every subject, filled from one snapshot."""

from collections.abc import Callable, Iterator

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

from edged.clock import Clock
from edged.exposition.collected import Collected
from edged.exposition.configuration import CONFIGURATION
from edged.exposition.family import Family
from edged.exposition.frequency import FREQUENCY
from edged.exposition.identity import IDENTITY
from edged.exposition.inferences import INFERENCES
from edged.exposition.journal import JOURNAL
from edged.exposition.measurements import MEASUREMENTS
from edged.exposition.model_files import MODEL_FILES
from edged.exposition.paper_figures import PAPER_FIGURES
from edged.exposition.pareto import PARETO
from edged.exposition.power import RAIL_POWER
from edged.exposition.results import RESULTS
from edged.exposition.schedule import SCHEDULE
from edged.exposition.sensors import SENSORS
from edged.exposition.snapshot import Snapshot
from edged.exposition.temperature import TEMPERATURE
from edged.exposition.throttling import THROTTLING
from edged.exposition.wall_clock import WALL_CLOCK

SUBJECTS = (
    IDENTITY,
    MODEL_FILES,
    INFERENCES,
    RESULTS,
    MEASUREMENTS,
    PARETO,
    PAPER_FIGURES,
    RAIL_POWER,
    FREQUENCY,
    TEMPERATURE,
    THROTTLING,
    SENSORS,
    JOURNAL,
    SCHEDULE,
    WALL_CLOCK,
    CONFIGURATION,
)
DURATION = Family(
    "edged_collector_duration_seconds",
    "gauge",
    ("collector",),
    "What this part of the scrape cost.",
)
FAMILIES = (*(family for subject in SUBJECTS for family in subject.families), DURATION)


class SnapshotCollector(Collector):
    """Fills all subjects from one snapshot, so that the parts of a scrape fit each other.

    Args:
        latest: Gives the newest snapshot; must not wait for anything.
        clock: Times the subjects.
        shown: What is shown of a family.
    """

    def __init__(
        self, latest: Callable[[], Snapshot], clock: Clock, shown: Callable[[Metric], Metric]
    ) -> None:
        """Nothing is collected before a scrape."""
        self._latest = latest
        self._clock = clock
        self._shown = shown
        self._collected = Collected()

    def describe(self) -> Iterator[Metric]:
        """Every family that may be exported: the registry refuses a second one of the same name."""
        return (family.metric() for family in FAMILIES)

    def collect(self) -> Iterator[Metric]:
        """The families that have values now, and what each subject cost."""
        snapshot = self._latest()
        durations = []
        for subject in SUBJECTS:
            start_ns = self._clock.monotonic_ns()
            shown = (self._shown(metric) for metric in self._collected.of(subject, snapshot))
            metrics = [metric for metric in shown if metric.samples]
            durations.append(((subject.name,), (self._clock.monotonic_ns() - start_ns) / 1e9))
            yield from metrics
        yield from DURATION.of(durations)


def registry_of(
    latest: Callable[[], Snapshot], clock: Clock, shown: Callable[[Metric], Metric] = lambda metric: metric
) -> CollectorRegistry:
    """A registry with everything that is exported, this process and its Python included.

    Args:
        latest: Gives the newest snapshot; must not wait for anything.
        clock: Times the subjects.
        shown: What is shown of a family; must not wait for anything either.
    """
    registry = CollectorRegistry()
    registry.register(SnapshotCollector(latest, clock, shown))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry
