"""The whole `/metrics` of each board of the zoo, and how much of it there is."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.clock import SystemClock
from edged.config.sections import Config
from edged.exposition.ledger import Ledger
from edged.exposition.publisher import Publisher, Sources
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.inference.zoo import FileFacts
from edged.measurement.protocol import BURST
from edged.measurement.sweep import sweep
from tests.boards import NAMES
from tests.boards.exposition import BUILD, exposed, golden_exposition, series_in, text_of

MOST_SERIES = 1_200


@pytest.mark.parametrize("name", NAMES)
def test_a_board_exposes_the_golden_metrics_when_edged_begins(name: str) -> None:
    assert exposed(name) == golden_exposition(name), "if this is meant, run: python -m tests.boards"


@pytest.mark.parametrize("name", NAMES)
def test_promtool_finds_nothing_wrong_with_the_golden_metrics(name: str) -> None:
    assert promtool_on(golden_exposition(name)) == (0, "")


def test_promtool_finds_nothing_wrong_after_a_sweep_and_the_series_stay_bounded() -> None:
    snapshot = after_a_sweep()
    text = text_of(snapshot)
    # As it is scraped: with the process, Python and the cost of the scrape.
    series = sum(len(metric.samples) for metric in registry_of(lambda: snapshot, SystemClock()).collect())
    print(f"xu3 after a sweep of {len(snapshot.cases)} cases: {series} series, {len(text)} bytes")
    assert len(snapshot.cases) == 16
    assert all(case.last_valid and len(case.last_valid.rails) == 4 for case in snapshot.cases)
    assert series_in(text) < series <= MOST_SERIES
    assert promtool_on(text) == (0, "")


def after_a_sweep() -> Snapshot:
    """A simulated XU3 that has measured every case."""
    config = replace(Config(), measure=replace(Config().measure, engine=REPLAY))
    with assembled(config, Simulation("xu3")) as assembly:
        ledger = Ledger(assembly.cases)
        for measurement in sweep(assembly.cases, assembly.board, BURST, assembly.rig, ()):
            ledger.apply_inferences(measurement.case, measurement.inferences)
            ledger.apply(measurement)
        sources = Sources(
            build=BUILD,
            board=lambda: assembly.board,
            sysfs=assembly.sysfs,
            simulated=True,
            models=lambda: tuple(ModelFacts(model, FileFacts(1, "0" * 64)) for model in assembly.models),
            ledger=ledger,
            conditions=assembly.rig.conditions,
            throttling=assembly.rig.throttling,
            rejected_temperatures=lambda: assembly.conditions.rejected_temperatures,
            rails=assembly.accounts,
        )
        return Publisher(sources, assembly.clock).latest()


def promtool_on(text: str) -> tuple[int, str]:
    """Exit code of `promtool check metrics`, and what it says."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("there is no promtool here: it is in Debian's package prometheus")
    done = subprocess.run(
        [Path(promtool), "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
