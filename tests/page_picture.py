"""The README's picture of the page: `python -m tests.page_picture` shows a replayed XU3 to Chromium."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from edged import paper
from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.clock import SystemClock
from edged.config.sections import Config
from edged.exposition.address import Address
from edged.exposition.api.routes import api_routes
from edged.exposition.build_facts import build_facts
from edged.exposition.http import MetricsServer
from edged.exposition.ledger import Ledger
from edged.exposition.page.routes import page_routes
from edged.exposition.publisher import Publisher, Sources
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.inference.model import Model
from edged.inference.zoo import FileFacts
from edged.measurement.protocol import BURST
from edged.measurement.sweep import sweep
from edged.schedule.state import Running, ScheduleState
from tests.integration.page.conftest import FLAGS
from tests.integration.page.seen import DRAWN

PICTURE = Path(__file__).parents[1] / ".readme" / "page.png"
_WIDTH, _HEIGHT = 1180, 2190
_COLOURS = 256


def snapshot() -> Snapshot:
    """A simulated XU3 that has measured every case and measures on."""
    config = replace(Config(), measure=replace(Config().measure, engine=REPLAY))
    with assembled(config, Simulation("xu3")) as assembly:
        cases, clock = assembly.cases, assembly.clock
        ledger = Ledger(cases)
        publisher = Publisher(
            Sources(
                build=build_facts(""),
                board=lambda: assembly.board,
                sysfs=assembly.sysfs,
                simulated=True,
                models=lambda: tuple(map(_with_file, assembly.models)),
                ledger=ledger,
                conditions=assembly.rig.conditions,
                throttling=assembly.rig.throttling,
                rejected_temperatures=lambda: assembly.conditions.rejected_temperatures,
                rails=assembly.accounts,
            ),
            clock,
        )
        drive = assembly.make_drive(publisher)
        drive.start()
        for measurement in sweep([*cases, *cases[:4]], assembly.board, BURST, assembly.rig, ()):
            ledger.apply_inferences(measurement.case, measurement.inferences)
            ledger.apply(measurement)
        drive.stop()
        latest = publisher.latest()
    running = Running(cases[4], BURST.name, latest.at_ns - 3_000_000_000)
    return replace(latest, schedule=ScheduleState((running,), cases[5], latest.at_ns))


def draw(shown: Snapshot, path: Path) -> None:
    """Write what Chromium shows of the page's upper part."""
    chromium = shutil.which("chromium")
    routes = {**page_routes(lambda: shown), **api_routes(lambda: shown)}
    registry = registry_of(lambda: shown, SystemClock())
    with (
        MetricsServer(registry, Address("127.0.0.1", 0), routes=routes) as server,
        sync_playwright() as driver,
        tempfile.TemporaryDirectory() as directory,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.goto(f"http://{server.address}/")
        page.wait_for_selector(DRAWN)
        whole = Path(directory) / "page.png"
        page.screenshot(path=whole)
        browser.close()
        with Image.open(whole) as image:
            image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _with_file(model: Model) -> ModelFacts:
    published = paper.published_model(model.alpha, model.precision)
    return ModelFacts(model, FileFacts(published.file_bytes, "") if published else None)


if __name__ == "__main__":
    draw(snapshot(), PICTURE)
