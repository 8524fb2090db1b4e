"""`edged advise` as its reader asks it, of a board that repeats Table II."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.command import edged
from tests.integration.cli.paper_journal import write_paper_journal


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose journal has the paper's 16 cases."""
    return write_paper_journal(tmp_path)


def test_at_ten_frames_a_second_and_65_percent_it_takes_the_a15(config: Path) -> None:
    done = edged("advise", "--min-fps", "10", "--min-accuracy", "65", "--json", "--config", config)
    assert done.code == 0
    told = json.loads(done.out)
    assert [(c["model"], c["cpu_cluster"]) for c in told["choices"]] == [
        ("mobilenet_v1_0.75_224_quant", "big")
    ]
    assert told["least"] == "energy"
    assert told["next_better"]["model"] == "mobilenet_v1_1.0_224_quant"
    assert told["next_better"]["cpu_cluster"] == "little"


def test_the_table_says_what_more_accuracy_costs(config: Path) -> None:
    done = edged("advise", "--min-accuracy", "60", "--config", config)
    assert done.code == 0
    assert "0.5_224_quant" in done.out
    assert "points of accuracy with the least energy" in done.out


def test_where_nothing_keeps_to_the_limits_it_says_what_is_nearest(config: Path) -> None:
    done = edged("advise", "--max-latency", "5", "--config", config)
    assert done.code == 1
    assert "the fastest: mobilenet_v1_0.25_224_quant@big" in done.out


@pytest.mark.parametrize(
    "words", [("--max-latency", "0"), ("--min-accuracy", "101"), ("--max-latency", "9", "--min-fps", "9")]
)
def test_what_cannot_be_meant_is_refused(config: Path, words: tuple[str, ...]) -> None:
    assert edged("advise", *words, "--config", config).code == 2
