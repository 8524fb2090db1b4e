"""`edged report` as a reader runs it, on the journal of a board that repeats Table II."""

import struct
from pathlib import Path

import pytest

from edged.errors import UsageError
from edged.report.png import Rasteriser
from tests.integration.cli.command import edged
from tests.integration.cli.paper_journal import write_paper_journal

FIGURES = [
    "energy",
    "energy-latency",
    "figure-4-memory",
    "figure-5-latency-big",
    "figure-5-latency-little",
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose journal has the paper's 16 cases."""
    return write_paper_journal(tmp_path)


def test_it_writes_a_page_and_its_figures(config: Path, tmp_path: Path) -> None:
    done = edged("report", tmp_path / "r.html", "--figures", tmp_path / "figures", "--config", config)
    assert (done.code, done.err) == (0, "")
    assert "16 cases" in done.out
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "Hardkernel Odroid XU3" in page
    # There are no model files here: the paper's own models have a published size.
    assert "the size is the published one" in page
    assert sorted(file.stem for file in (tmp_path / "figures").iterdir()) == FIGURES
    assert {file.suffix for file in (tmp_path / "figures").iterdir()} == {".svg"}


def test_png_stands_beside_svg(config: Path, tmp_path: Path) -> None:
    try:
        Rasteriser()
    except UsageError as absent:
        pytest.skip(str(absent))
    figures = tmp_path / "figures"
    done = edged("report", tmp_path / "r.html", "--figures", figures, "--png", "--config", config)
    assert (done.code, done.err) == (0, "")
    assert sorted(file.stem for file in figures.glob("*.png")) == FIGURES
    for file in figures.glob("*.png"):
        header = file.read_bytes()[:24]
        assert header.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", header[16:])
        assert width == 1680
        assert 1000 < height < 1400


def test_png_without_its_library_says_what_to_install_and_writes_nothing(
    config: Path, tmp_path: Path
) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "cairosvg.py").write_text("raise ImportError('none here')")
    done = edged(
        "report",
        tmp_path / "r.html",
        *("--figures", tmp_path / "figures", "--png", "--config", config),
        env={"PYTHONPATH": str(tmp_path / "hidden")},
    )
    assert done.code == 2
    assert "apt-get install python3-cairosvg" in done.err
    assert not (tmp_path / "r.html").exists()
    assert not (tmp_path / "figures").exists()


def test_png_without_a_place_for_figures_is_refused(config: Path, tmp_path: Path) -> None:
    done = edged("report", tmp_path / "r.html", "--png", "--config", config)
    assert done.code == 2
    assert "add --figures DIR" in done.err


def test_an_earlier_report_is_replaced_and_nothing_else_is(config: Path, tmp_path: Path) -> None:
    page, thesis = tmp_path / "r.html", tmp_path / "thesis.html"
    thesis.write_text("<!doctype html><p>three years of work")
    for _ in range(2):
        assert edged("report", page, "--config", config).code == 0
    done = edged("report", thesis, "--config", config)
    assert done.code == 2
    assert "it is no report" in done.err
    assert thesis.read_text() == "<!doctype html><p>three years of work"


def test_where_nothing_is_as_new_as_asked_it_says_what_there_is(config: Path, tmp_path: Path) -> None:
    done = edged("report", tmp_path / "r.html", "--since", "2040-01-01", "--config", config)
    assert done.code == 2
    assert "it has mobilenet_v1_0.25_224@big" in done.err


def test_without_results_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "edged.toml").write_text('[journal]\npath = "none.db"\n')
    done = edged("report", tmp_path / "r.html", "--config", tmp_path / "edged.toml")
    assert done.code == 1
    assert "there is no journal" in done.err
    assert not (tmp_path / "r.html").exists()


def test_where_it_cannot_write_it_says_so(config: Path) -> None:
    done = edged("report", "/proc/r.html", "--config", config)
    assert done.code == 1
    assert "/proc/r.html: cannot be written" in done.err
