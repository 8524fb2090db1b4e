"""What has not changed since the last scrape is not collected again; what has changed is."""

from dataclasses import fields, replace
from typing import Any

import pytest
from prometheus_client.metrics_core import Metric

from edged.clock import SystemClock
from edged.exposition.ledger import Ledger
from edged.exposition.scrape import SUBJECTS, registry_of
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from tests.unit.exposition.facts import ON_BIG, SNAPSHOT, inferences, measurement

SELDOM_CHANGING = [subject for subject in SUBJECTS if subject.inputs]


def after(*latencies_s: float) -> Snapshot:
    ledger = Ledger([ON_BIG])
    ledger.apply_inferences(ON_BIG, inferences(*latencies_s))
    ledger.apply(measurement())
    return replace(SNAPSHOT, cases=tuple(ledger.accounts.values()))


class Watched:
    """A snapshot that tells which of its parts were read."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self._snapshot, name)


@pytest.mark.parametrize("subject", SELDOM_CHANGING, ids=lambda subject: subject.name)
def test_a_subject_reads_nothing_but_what_its_inputs_name(subject: Subject) -> None:
    collecting, naming = Watched(after(0.02)), Watched(after(0.02))
    assert list(subject.collect(collecting))  # type: ignore[arg-type]
    assert subject.inputs
    subject.inputs(naming)  # type: ignore[arg-type]
    assert collecting.read <= naming.read <= {field.name for field in fields(Snapshot)}


def test_a_scrape_of_the_same_parts_gives_the_same_metrics_and_one_of_others_new_ones() -> None:
    snapshots = [after(0.02)]
    registry = registry_of(lambda: snapshots[-1], SystemClock())

    def scraped() -> dict[str, Metric]:
        return {metric.name: metric for metric in registry.collect()}

    first = scraped()
    snapshots.append(replace(snapshots[-1], at_ns=1))
    second = scraped()
    assert second["edged_inferences"] is first["edged_inferences"]
    snapshots.append(after(0.02, 0.03))
    third = scraped()["edged_inferences"]
    assert [sample.value for sample in third.samples] == [2]
