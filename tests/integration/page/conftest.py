"""A served snapshot and a browser that looks at it."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.api.routes import api_routes
from edged.exposition.http import MetricsServer
from edged.exposition.page.routes import page_routes
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import Snapshot
from tests.integration.page.boards import measured

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Root needs the first; the others keep Chromium from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Served:
    """A server of one snapshot, which can be replaced, as the publisher does."""

    def __init__(self) -> None:
        self.snapshot = measured()
        self.server = self._serve(Address("127.0.0.1", 0))

    def latest(self) -> Snapshot:
        return self.snapshot

    @property
    def url(self) -> str:
        return f"http://{self.server.address}/"

    def stop(self) -> None:
        self.server.close()

    def start_again(self) -> None:
        self.server = self._serve(self.server.address)

    def _serve(self, address: Address) -> MetricsServer:
        registry = registry_of(self.latest, SystemClock())
        return MetricsServer(
            registry, address, routes={**page_routes(self.latest), **api_routes(self.latest)}
        )


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    try:
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium, without a screen."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium here: it is in Debian's package chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS), timeout=120_000)
        yield browser
        browser.close()
