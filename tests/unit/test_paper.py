"""The paper's figures as data agree with the tables they were taken from."""

import csv
from pathlib import Path

import pytest

from edged import paper

CLUSTERS = {"A7": "little", "A15": "big"}


def _alpha(text: str) -> str:
    return str(float(text))


def test_there_are_sixteen_cases_and_eight_models() -> None:
    assert len(paper.TABLE_II) == 16
    assert {(alpha, precision) for alpha, precision, _ in paper.TABLE_II} == {
        (model.alpha, model.precision) for model in paper.PUBLISHED
    }
    assert {cluster for _, _, cluster in paper.TABLE_II} == set(paper.CLUSTERS)
    assert tuple(dict.fromkeys(model.alpha for model in paper.PUBLISHED)) == paper.ALPHAS


def test_frames_per_second_are_those_of_table_two(shared: Path) -> None:
    with (shared / "paper" / "table2.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 16
    for row in rows:
        found = paper.frames_per_second(_alpha(row["alpha"]), row["precision"], CLUSTERS[row["cluster"]])
        assert found == float(row["fps"])


def test_accuracies_and_sizes_are_the_published_ones_with_the_papers_slips_beside_them(shared: Path) -> None:
    with (shared / "paper" / "models.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 8
    for row in rows:
        model = paper.published_model(_alpha(row["alpha"]), row["precision"])
        assert model is not None
        assert model.top1_ratio == pytest.approx(float(row["top1"]) / 100)
        assert model.top5_ratio == pytest.approx(float(row["top5"]) / 100)
        assert model.size_mb == float(row["published_size_mb"])
        assert model.file_bytes == int(row["file_bytes"])
        assert model.paper_top1_ratio == pytest.approx(float(row["paper_top1"]) / 100)
        assert model.paper_size_mb == float(row["paper_size_mb"])


def test_only_the_alpha_1_int8_model_carries_a_slip() -> None:
    slips = [
        (model.alpha, model.precision)
        for model in paper.PUBLISHED
        if (model.paper_top1_ratio, model.paper_size_mb) != (model.top1_ratio, model.size_mb)
    ]
    assert slips == [("1.0", "int8")]


def test_what_was_not_published_has_no_figure() -> None:
    assert paper.frames_per_second("0.25", "int8-per-channel", "big") is None
    assert paper.frames_per_second("0.25", "fp32", "cpu") is None
    assert paper.published_model("0.25", "int8-per-channel") is None
