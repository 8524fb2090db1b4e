"""The README's picture of a report: `python -m tests.report_picture` shows a replayed XU3 to Chromium."""

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from edged import __version__
from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.config.sections import Config
from edged.journal.life import Life
from edged.journal.record import Record
from edged.measurement.protocol import PAPER
from edged.measurement.sweep import sweep
from edged.report.board import BoardResults, board_results
from edged.report.document import report
from edged.report.figures import figures
from tests.integration.page.conftest import FLAGS

PICTURE = Path(__file__).parents[1] / ".readme" / "report.png"
_WIDTH, _HEIGHT = 1180, 1165
_COLOURS = 128


def board() -> BoardResults:
    """A simulated XU3 that has done the paper's hour."""
    config = replace(Config(), measure=replace(Config().measure, engine=REPLAY))
    with assembled(config, Simulation("xu3")) as assembly:
        life = Life("", 0, time.time(), __version__, assembly.board.identity.model, "xu3")
        found = sweep(assembly.cases, assembly.board, PAPER, assembly.rig, ())
        shown = board_results([Record(measurement, life) for measurement in found], assembly.models)
    if shown is None:
        raise ValueError("the simulated board has measured nothing")
    return shown


def draw(shown: BoardResults, path: Path) -> None:
    """Write what Chromium shows of the report from its figures on."""
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as directory:
        file, whole = Path(directory) / "report.html", Path(directory) / "report.png"
        file.write_text(report(shown, list(figures(shown)), time.time()), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.goto(file.as_uri())
        top = page.locator("h2", has_text="Trade-offs").evaluate("(node) => node.getBoundingClientRect().top")
        page.screenshot(
            path=whole,
            full_page=True,
            clip={"x": 0, "y": top - 12, "width": _WIDTH, "height": _HEIGHT},
        )
        browser.close()
        with Image.open(whole) as image:
            image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    draw(board(), PICTURE)
