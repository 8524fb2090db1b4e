"""The report as a reader gets it."""

import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from edged import paper
from edged.inference.model import Accuracy, Model
from edged.inference.zoo import mobilenets
from edged.measurement.result import Uncertain
from edged.measurement.verdict import Reason, Rejection
from edged.report.board import BoardResults, board_results
from edged.report.claims import Status
from edged.report.claims_latency import LATENCY_CLAIMS
from edged.report.document import report, svg_file
from edged.report.figures import figures
from edged.report.legend import entries
from edged.tradeoff.costs import Objective, point_of
from edged.tradeoff.front import standings
from tests.unit.report.boards import paper_records, record

NOW_S = 1.7e9


@pytest.fixture
def board(tmp_path: Path) -> BoardResults:
    return board_of(tmp_path)


def board_of(directory: Path, *, power: bool = True) -> BoardResults:
    models = mobilenets(directory)
    for model, published in zip(
        models,
        (paper.published_model(m.alpha, m.precision) for m in models),
        strict=True,
    ):
        assert published
        with model.path.open("wb") as file:
            file.truncate(published.file_bytes)
    found = board_results(paper_records(directory, power=power), models)
    assert found
    return found


def written(board: BoardResults) -> str:
    return report(board, list(figures(board)), NOW_S)


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_a_board_that_repeats_the_paper_has_the_papers_findings(board: BoardResults) -> None:
    failing = {c.id for c in LATENCY_CLAIMS if c.finding(board.results()).status is Status.FAILS}
    assert failing == {"L8", "L9"}
    assert "2.154 ± 0.003, printed 2.21" in written(board)


def test_the_slips_of_the_paper_are_shown_as_such(board: BoardResults) -> None:
    told = text_of(written(board))
    assert "MobileNet v2" in told
    assert "2.21 times faster than FP32, where Table II gives 2.15" in told


def test_there_is_a_figure_for_memory_each_cluster_energy_and_both(board: BoardResults) -> None:
    assert [figure.name for figure in figures(board)] == [
        "figure-4-memory",
        "figure-5-latency-big",
        "figure-5-latency-little",
        "energy",
        "energy-latency",
    ]


def test_alpha_0_5_fp32_is_on_the_front_of_the_a15_alone(board: BoardResults) -> None:
    on_front = {}
    for figure in figures(board):
        half = [m for m in figure.plot.marks if m.label == "0.5" and m.precision == "fp32"]
        on_front[figure.name] = any((m.x, m.y) in figure.plot.front for m in half)
    assert on_front["figure-5-latency-big"]
    assert not on_front["figure-5-latency-little"]
    assert not on_front["figure-4-memory"]


def test_against_latency_and_energy_the_front_is_that_of_the_metrics(board: BoardResults) -> None:
    (figure,) = (each for each in figures(board) if each.name == "energy-latency")
    points = {
        f"{case.model.name}@{case.cpu_cluster}": point
        for case in board.cases
        if case.model.accuracy
        and (
            point := point_of(
                Objective.LATENCY_AND_ENERGY, case.model.accuracy.top1_ratio, case.measurement, None
            )
        )
    }
    certain = {
        name for name, each in zip(points, standings(list(points.values())), strict=True) if each.certain
    }
    assert 0 < len(certain) < len(points) == 16
    assert {mark.text.partition(":")[0] for mark in figure.plot.marks if mark.certain} == certain
    assert f"{len(certain)} of them for certain" in figure.caption


def test_a_case_over_fewer_rails_than_the_rest_is_in_no_figure_of_energy_and_said_to_be_left_out(
    tmp_path: Path,
) -> None:
    first, *others = paper_records(tmp_path)
    done = first.measurement
    fewer = replace(done, rails={"mem": next(iter(done.rails.values()))})
    found = board_results([replace(first, measurement=fewer), *others], mobilenets(tmp_path))
    assert found
    drawn = {each.name: each for each in figures(found)}
    for name in ("energy", "energy-latency"):
        marks = [mark for mark in drawn[name].plot.marks if mark.text.startswith(f"{done.case}:")]
        assert (len(drawn[name].plot.marks), marks) == (15, [])
        assert f"Left out, for it was measured on other rails than the rest: {done.case} (mem)." in (
            drawn[name].caption
        )
    assert len(found.cases) == 16


def test_a_plot_with_the_papers_points_alone_in_a_colour_explains_it(tmp_path: Path) -> None:
    fp32 = next(model for model in mobilenets(tmp_path) if model.precision == "fp32")
    found = board_results([record(fp32, "big", Uncertain(0.1, 0.001))], [fp32])
    assert found
    (figure,) = (each for each in figures(found) if each.name == "figure-5-latency-big")
    assert {"FP32", "INT8"} <= {text for text, _ in entries(figure.plot.marks, front=False)}
    hollow = [mark for mark in figure.plot.marks if mark.faint and mark.precision == "int8"]
    assert all(mark.label for mark in hollow)


def test_without_sensors_there_is_not_one_joule(tmp_path: Path) -> None:
    board = board_of(tmp_path, power=False)
    html = written(board)
    assert not [figure for figure in figures(board) if "energy" in figure.name]
    assert re.search(r"\bm?J\b", text_of(html)) is None
    assert "Nothing measured power on this board" in html


def test_it_needs_nothing_from_outside(board: BoardResults) -> None:
    html = written(board)
    # Names of XML vocabularies are fetched by nobody.
    assert set(re.findall(r"https?://[^\"' ]+", html)) <= {"http://www.w3.org/2000/svg"}
    assert "<script" not in html
    assert "url(" not in html
    assert "@import" not in html


def test_a_name_is_text_whatever_it_is(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>\"'&"
    model = Model(name, tmp_path / "m.tflite", "", "fp32", "trained", Accuracy(0.7, None, "measured"))
    found = board_results([record(model, "big", Uncertain(0.1, 0.001))], [model])
    assert found
    html = report(found, list(figures(found)), NOW_S)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    for figure in figures(found):
        root = ET.fromstring(svg_file(figure).partition("\n")[2])
        assert name in " ".join(root.itertext())


def test_what_is_simulated_says_so(tmp_path: Path) -> None:
    (model,) = mobilenets(tmp_path)[:1]
    found = board_results([record(model, "big", Uncertain(0.1, 0.001), simulation="simulated xu3")], [model])
    assert found
    assert "SIMULATED: simulated xu3" in report(found, [], NOW_S)


def test_a_date_is_that_of_the_board_and_never_of_a_simulated_clock(tmp_path: Path) -> None:
    (model,) = mobilenets(tmp_path)[:1]
    made_s = NOW_S + 86_400
    for simulation, when in (
        ("", "the newest of 2023-11-14 22:13 UTC"),
        ("simulated xu3", "in simulated time"),
    ):
        found = board_results([record(model, "big", Uncertain(0.1, 0.001), simulation=simulation)], [model])
        assert found
        html = report(found, [], made_s)
        assert f"1 case, {when}. " in html
        assert "on 2023-11-15 22:13 UTC" in html
        assert ("2023-11-14" in html) == (not simulation)


def test_a_papers_model_without_a_file_has_its_published_size(board: BoardResults, tmp_path: Path) -> None:
    sizes = {(m.alpha, m.precision): m.file_bytes for m in paper.PUBLISHED}
    models = mobilenets(tmp_path)
    gone = models[0]
    gone.path.unlink()
    found = board_results(paper_records(tmp_path), models)
    assert found
    assert found.size_bytes == {model.name: sizes[model.alpha, model.precision] for model in models}
    assert not board.published_sizes
    assert found.published_sizes == {gone.name}
    assert "Where a model file is not here, the size is the published one." in written(found)
    assert "Where a model file is not here" not in written(board)


def test_a_rejected_measurement_is_counted_and_never_shown(tmp_path: Path) -> None:
    (model,) = mobilenets(tmp_path)[:1]
    good = record(model, "big", Uncertain(0.1, 0.001))
    bad = record(
        model, "big", Uncertain(0.3, 0.001), rejections=(Rejection(Reason.THROTTLED, "3 of 100 inferences"),)
    )
    found = board_results([good, bad], [model])
    assert found
    (case,) = found.cases
    assert case.latency_s.value == 0.1
    assert "1 for throttled" in written(found)
    assert board_results([bad], [model]) is None


def test_a_latency_of_one_run_has_no_bar_and_is_never_certain(tmp_path: Path) -> None:
    accurate, fast = mobilenets(tmp_path)[:2]
    found = board_results(
        [record(accurate, "big", Uncertain(0.2, 0.001)), record(fast, "big", Uncertain(0.1, math.inf))],
        [accurate, fast],
    )
    assert found
    for figure in figures(found):
        if figure.name in ("figure-5-latency-big", "energy-latency"):
            known, single_run = (mark for mark in figure.plot.marks if not mark.faint)
            assert (known.x_u95, single_run.x_u95) == (1.0, 0.0)
            # For certain the one that takes less energy; by its latency nothing is.
            assert single_run.certain is (figure.name == "energy-latency")
    html = written(found)
    assert f"that of the latency of {fast.name}@big is not known" in html
    assert "100.00 ± ?" in re.sub(r" +", " ", text_of(html))
    assert "(U95 not known)" in html
    assert re.search(r"\b(inf|nan)\b", text_of(html)) is None


def test_where_every_u95_is_known_none_is_said_to_be_unknown(board: BoardResults) -> None:
    assert "± ?" not in written(board)


def test_each_figure_is_a_well_formed_file_with_all_its_points(board: BoardResults) -> None:
    for figure in figures(board):
        root = ET.fromstring(svg_file(figure).partition("\n")[2])
        groups = [g for g in root.iter("{http://www.w3.org/2000/svg}g") if "mark" in g.get("class", "")]
        assert len(groups) == len(figure.plot.marks)
