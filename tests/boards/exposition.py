"""What `/metrics` says of the boards of the zoo when edged has just begun: nothing is measured yet.

The board is that of the dump, read once by every sampler, while time stands still. What differs from one
scrape to the next is left out: its cost, and the families of the process and of Python.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

from edged.assembly.rails import sampled_rails
from edged.board.discover import discover
from edged.board.unpack import unpack_dump
from edged.exposition.build_facts import BuildFacts
from edged.exposition.ledger import Ledger
from edged.exposition.publisher import Publisher, Sources
from edged.exposition.scrape import SUBJECTS
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.inference.zoo import FileFacts, mobilenets
from edged.measurement.cases import all_cases
from edged.power.open_sensors import open_sensors
from edged.sampling.conditions import ConditionsSampler
from edged.sampling.gauges import board_gauges
from edged.sampling.throttling import Throttling
from edged.simulation.clock import VirtualClock
from tests.boards import ZOO, tree

BUILD = BuildFacts("0.0.0", "", "3.11.2", "tflite-runtime", "2.14.0")
# No model is built for this: what is said of a file is the same for all.
_FILE = FileFacts(size_bytes=1_000_000, sha256="0123456789abcdef" * 4)


def exposed(name: str) -> str:
    """The text for one board."""
    with tempfile.TemporaryDirectory() as directory:
        return text_of(_snapshot(name, Path(directory)))


def text_of(snapshot: Snapshot) -> str:
    """What a scrape says of a snapshot, but for what the scrape itself costs."""
    registry = CollectorRegistry()
    registry.register(_Subjects(snapshot))
    return generate_latest(registry).decode()


def series_in(text: str) -> int:
    """How many series a scrape has."""
    return sum(not line.startswith("#") for line in text.splitlines())


def golden_exposition(name: str) -> str:
    """What it should be."""
    return (ZOO / name / "metrics.txt").read_text(encoding="utf-8")


def regenerate_exposition(name: str) -> None:
    """Take what is exposed now for what it should be."""
    (ZOO / name / "metrics.txt").write_text(exposed(name), encoding="utf-8")


class _Subjects(Collector):
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        for subject in SUBJECTS:
            yield from subject.collect(self._snapshot)


def _snapshot(name: str, directory: Path) -> Snapshot:
    clock = VirtualClock()
    sysfs = unpack_dump(tree(name), directory, name)
    board = discover(sysfs)
    models = mobilenets(Path("models"))
    throttling = Throttling(board)
    conditions = ConditionsSampler(board_gauges(board, sysfs), clock, listeners=[throttling.add])
    sensors = open_sensors(board, root=directory, clock=clock)
    with closing(sensors):
        samplers, watches = sampled_rails(sensors, clock)
        for sampler in (conditions, *samplers):
            sampler.step()
        sources = Sources(
            build=BUILD,
            board=lambda: board,
            sysfs=sysfs,
            simulated=False,
            models=lambda: tuple(ModelFacts(model, _FILE) for model in models),
            ledger=Ledger(all_cases(models, board)),
            conditions=conditions.trace,
            throttling=throttling,
            rejected_temperatures=lambda: conditions.rejected_temperatures,
            rails=tuple(watch.account for watch in watches),
        )
        return Publisher(sources, clock).latest()
