"""What the tests of the rules share."""

import pytest

from edged.exposition.scrape import SnapshotCollector
from tests.integration.rules.conftest import amtool, promtool
from tests.system.alerts.timed_scrapes import let_each_subject_take

__all__ = ["amtool", "promtool"]


@pytest.fixture(autouse=True)
def quick_scrapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scrape takes 16 ms, however slow this machine is."""
    monkeypatch.setattr(SnapshotCollector, "collect", SnapshotCollector.collect)
    let_each_subject_take(1_000_000)
