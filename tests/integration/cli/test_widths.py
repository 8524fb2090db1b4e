"""Every table on terminals of several widths: no figure and no name is cut off."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from edged.inference.model import Model
from edged.measurement.result import Uncertain
from tests.integration.cli.command import REPLAY, edged
from tests.integration.cli.paper_journal import write_journal
from tests.integration.cli.terminal import on_a_terminal
from tests.unit.exposition.facts import ENERGY
from tests.unit.report.boards import paper_records, record

LONG = "[door]_of_the_attic_in_winter_quantised_for_the_second_time"
WIDTHS = (60, 80, 100, 200)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HALF_A_FIGURE = re.compile(r"± (?![0-9.]+ [mµ]?[sJW]\b|U95|\?)")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration whose journal has the paper's cases, and one whose model has a long name."""
    directory = tmp_path_factory.mktemp("widths")
    measured = [each.measurement for each in paper_records(directory / "models", power=True)]
    mine = Model(LONG, directory / "mine.tflite", alpha="", precision="int8", weights="trained")
    own = record(mine, "big", Uncertain(0.0123, 0.0004)).measurement
    config = write_journal(directory, [*measured, replace(own, rails={"big": ENERGY})])
    with config.open("a") as more:
        more.write(f'[[model]]\nname = "{LONG}"\npath = "mine.tflite"\nprecision = "int8"\n')
    return config


def lines_on(width: int, *words: str) -> list[str]:
    code, sent = on_a_terminal(*words, term="xterm-256color", env={"COLUMNS": str(width)})
    assert code == 0
    return [line.rstrip() for line in _CONTROL.sub("", sent).splitlines()]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "words",
    [
        ("advise", "--min-accuracy", "40"),
        ("advise", "--model", "*attic*"),
        ("results",),
        ("results", "--lives"),
        ("results", "--episodes"),
        ("models", "list"),
    ],
)
def test_nothing_is_cut_off(width: int, words: tuple[str, ...], config: Path) -> None:
    lines = lines_on(width, *words, "--config", str(config))
    text = "\n".join(lines)
    assert max(map(cell_len, lines)) <= width
    assert "…" not in text
    assert not _HALF_A_FIGURE.search(" ".join(text.split()))
    if words in {("results",), ("models", "list"), ("advise", "--model", "*attic*")}:
        assert len(re.findall(r"\[door\]_", text)) >= 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_measurement_is_shown_in_full(width: int) -> None:
    words = ("measure", "*0.25*", *REPLAY, "--protocol", "quick")
    lines = lines_on(width, *words)
    assert max(map(cell_len, lines)) <= width
    text = "\n".join(lines)
    assert "…" not in text
    assert not _HALF_A_FIGURE.search(" ".join(text.split()))


@pytest.mark.parametrize(
    ("words", "headings"),
    [
        (("advise",), "model cluster top-1 latency FPS energy file energy / least keeps to limits"),
        (("results",), "finished model cluster latency FPS rail net energy verdict"),
        (("results", "--lives"), "started lived end measurements edged board"),
        (("models", "list"), "model alpha precision bytes top-1 weights state"),
    ],
)
def test_a_pipe_gets_every_column_and_name(words: tuple[str, ...], headings: str, config: Path) -> None:
    done = edged(*words, "--config", config, env={"COLUMNS": "40"})
    assert done.code == 0
    assert headings in [" ".join(line.split()) for line in done.out.splitlines()]
    assert "No room" not in done.out
    if "--lives" not in words:
        assert LONG in done.out
