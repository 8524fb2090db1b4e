"""`edged report` as a reader runs it, on the journal of a board that repeats Table II."""

from pathlib import Path

import pytest

from tests.integration.cli.command import edged
from tests.integration.cli.paper_journal import write_paper_journal


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
    # There are no model files here, so that nothing is known of their size.
    assert sorted(file.name for file in (tmp_path / "figures").iterdir()) == [
        "energy-latency.svg",
        "energy.svg",
        "figure-5-latency-big.svg",
        "figure-5-latency-little.svg",
    ]


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
