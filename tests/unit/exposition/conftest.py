"""Scrapes for tests."""

from collections.abc import Callable

import pytest
from prometheus_client.registry import CollectorRegistry

from edged.clock import SystemClock
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import Snapshot

Scrape = Callable[[Snapshot], CollectorRegistry]


@pytest.fixture
def scrape() -> Scrape:
    """A registry that exports a snapshot."""
    return lambda snapshot: registry_of(lambda: snapshot, SystemClock())
