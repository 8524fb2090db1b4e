"""What the panels draw, by Grafana's own transformations over Prometheus' answers."""

import operator
from pathlib import Path
from typing import Any

import pytest

from edged import paper
from tests.integration.grafana.drawn import Columns, Drawn, all_drawn
from tests.integration.grafana.processes import HEALTHY, Prometheus
from tests.integration.grafana.week_ago import FASTER, WITH_GAP, WITH_ODD_ONE
from tests.unit.grafana.shipped import DASHBOARDS, dashboard, panels, styled_columns


@pytest.fixture(scope="module")
def everything(server: Prometheus, node: Path) -> dict[Drawn, Columns]:
    return all_drawn(server, node)


@pytest.fixture
def drawn(everything: dict[Drawn, Columns]) -> Any:
    """Gives the columns of a panel of the trade-offs, for one CPU cluster where it is repeated."""

    def of(title: str, cpu_cluster: str = "") -> Columns:
        which = [
            each for each in everything if each.uid == "edged-tradeoffs" and each.title.startswith(title)
        ]
        return everything[next(each for each in which if each.repeated_for in {"", cpu_cluster})]

    return of


def _cells(columns: Columns, name: str) -> dict[str, Any]:
    """The cells of a column by model, but for the undefined ones."""
    rows = zip(columns["model"], columns[name], strict=True)
    return {model: value for model, value in rows if value != "undefined"}


def _places(columns: Columns, name: str) -> list[int]:
    """The rows in which a column has a value."""
    return [place for place, value in enumerate(columns[name]) if value != "undefined"]


@pytest.mark.parametrize(("cpu_cluster", "on_front"), [("big", True), ("little", False)])
def test_alpha_half_fp32_is_on_the_front_of_the_a15_and_not_of_the_a7(
    drawn: Any, cpu_cluster: str, on_front: bool
) -> None:
    front = _cells(drawn("Accuracy vs. latency", cpu_cluster), "Pareto front")
    assert ("mobilenet_v1_0.5_224" in front) is on_front
    assert "mobilenet_v1_0.75_224" not in front
    assert len(front) == (7 if on_front else 6)


@pytest.mark.parametrize("cpu_cluster", paper.CLUSTERS)
def test_the_scatter_of_fig_5_draws_the_published_accuracies_by_precision(
    drawn: Any, cpu_cluster: str
) -> None:
    columns = drawn("Accuracy vs. latency", cpu_cluster)
    published = {
        precision: sorted(model.top1_ratio for model in paper.PUBLISHED if model.precision == precision)
        for precision in paper.PRECISIONS
    }
    assert sorted(_cells(columns, "FP32").values()) == published["fp32"]
    assert sorted(_cells(columns, "INT8").values()) == published["int8"]
    assert set(_cells(columns, "Certain")) <= set(_cells(columns, "Pareto front"))


@pytest.mark.parametrize("cpu_cluster", paper.CLUSTERS)
@pytest.mark.parametrize(
    ("title", "x"),
    [
        ("Accuracy vs. size", "Size"),
        ("Accuracy vs. latency", "Latency"),
        ("Accuracy vs. energy", "Energy"),
    ],
)
def test_a_plot_has_a_row_for_each_model_in_the_order_of_x(
    drawn: Any, title: str, x: str, cpu_cluster: str
) -> None:
    columns = drawn(title, cpu_cluster)
    drawn_models = {*_cells(columns, "FP32"), *_cells(columns, "INT8")}
    assert len(drawn_models) == 8
    # A model without an accuracy has a size all the same; it is not drawn.
    assert set(columns["model"]) - drawn_models <= {"broken"}
    assert columns[x] == sorted(columns[x])
    assert {"model", "alpha", "precision", x, "Pareto front", "Certain", "FP32", "INT8"} <= set(columns)
    assert None not in {
        cell for name in ("Pareto front", "Certain", "FP32", "INT8") for cell in columns[name]
    }


def test_energy_against_latency_has_a_row_for_each_case_of_the_board_in_the_order_of_latency(
    drawn: Any,
) -> None:
    columns = drawn("Energy vs. latency")
    cases = list(zip(columns["model"], columns["cpu_cluster"], strict=True))
    assert len(set(cases)) == len(cases) == 16
    assert columns["Latency"] == sorted(columns["Latency"])
    kinds = {
        f"{precision.upper()} {cluster}": 4 for precision in paper.PRECISIONS for cluster in paper.CLUSTERS
    }
    assert {name: len(_places(columns, name)) for name in kinds} == kinds
    for name in kinds:
        precision, cluster = name.split()
        for place in _places(columns, name):
            assert (columns["precision"][place], columns["cpu_cluster"][place]) == (
                precision.lower(),
                cluster,
            )
    # A point is where its ring is.
    for marked in ("Pareto front", "Certain"):
        for place in _places(columns, marked):
            assert columns[marked][place] in [columns[name][place] for name in kinds]
    drawn_columns = {
        "model",
        "alpha",
        "precision",
        "cpu_cluster",
        "Latency",
        "Pareto front",
        "Certain",
        *kinds,
    }
    assert drawn_columns | {"Latency U95", "Energy U95"} == set(columns)


def test_its_front_is_what_no_case_of_the_board_beats_in_accuracy_latency_and_energy(drawn: Any) -> None:
    columns, all_cases = drawn("Energy vs. latency"), drawn("All cases")
    rows = list(zip(all_cases["model"], all_cases["cpu_cluster"], strict=True))
    costs = {
        case: (-all_cases["Top-1"][place], all_cases["Latency"][place], all_cases["Energy"][place])
        for place, case in enumerate(rows)
    }
    beyond = {
        case
        for case, mine in costs.items()
        if any(other != mine and all(map(operator.le, other, mine)) for other in costs.values())
    }
    front = {
        (columns["model"][each], columns["cpu_cluster"][each]) for each in _places(columns, "Pareto front")
    }
    certain = {(columns["model"][each], columns["cpu_cluster"][each]) for each in _places(columns, "Certain")}
    assert front == set(rows) - beyond
    assert certain <= front
    # The A15 for its speed, the A7 for its energy.
    assert {cluster for _, cluster in certain} == {"big", "little"}
    in_table = dict(zip(rows, all_cases["Front: both"], strict=True))
    assert {case for case, standing in in_table.items() if standing >= 1} == front
    assert {case for case, standing in in_table.items() if standing == 2} == certain


def test_the_front_of_fig_4_is_the_papers(drawn: Any) -> None:
    front = _cells(drawn("Accuracy vs. size"), "Pareto front")
    assert set(front) == {
        *(f"mobilenet_v1_{alpha}_224_quant" for alpha in paper.ALPHAS),
        "mobilenet_v1_1.0_224",
    }


def test_table_ii_of_the_paper_has_its_figures(drawn: Any) -> None:
    columns = drawn("Frames per second, the paper")
    assert columns["alpha"] == list(paper.ALPHAS)
    for cluster in paper.CLUSTERS:
        for precision in paper.PRECISIONS:
            expected = [paper.TABLE_II[alpha, precision, cluster] for alpha in paper.ALPHAS]
            assert columns[f"{cluster} {precision}"] == expected


def test_table_ii_of_this_board_has_the_same_cells_and_is_near_the_replayed_figures(drawn: Any) -> None:
    here, ratio = drawn("Frames per second (Table II)"), drawn("Ratio to the paper")
    assert set(here) == set(ratio) == set(drawn("Frames per second, the paper"))
    assert all(
        cell == pytest.approx(1.0, abs=0.02)
        for name, cells in ratio.items()
        if name != "alpha"
        for cell in cells
    )


def test_the_gains_are_those_of_the_papers_text(drawn: Any) -> None:
    int8 = drawn("INT8 gain in speed")
    assert int8["big, paper"] == pytest.approx([1.279, 1.666, 2.001, 2.154], abs=0.001)
    assert int8["little, paper"] == pytest.approx([1.605, 2.045, 2.234, 2.414], abs=0.001)
    assert int8["big"] == pytest.approx(int8["big, paper"], rel=0.02)
    assert drawn("Alpha scaling")["big fp32"][0] == pytest.approx(10.54, rel=0.02)
    assert drawn("Big over little")["fp32, paper"] == pytest.approx([4.945, 4.973, 4.697, 4.782], abs=0.001)


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_table_has_rows_and_every_column_a_name_for_people(
    uid: str, everything: dict[Drawn, Columns]
) -> None:
    styled = {panel["title"]: styled_columns(panel) for panel in panels(dashboard(uid))}
    for which, columns in everything.items():
        if which.uid == uid:
            assert styled[which.title] <= set(columns), which
            assert all(columns.values()), which
            assert not [name for name in columns if name.startswith("Value")], which


def test_a_board_that_is_a_quarter_slower_than_a_week_ago_is_shown_so(
    everything: dict[Drawn, Columns],
) -> None:
    columns = everything[Drawn("edged-regression", "Now and a week ago")]
    for name in ("Change of latency", "Change of energy"):
        changes = [cell for cell in columns[name] if cell != "undefined"]
        assert changes == pytest.approx([1 / FASTER - 1] * 16, abs=0.05)


@pytest.mark.parametrize("case", [WITH_GAP, WITH_ODD_ONE])
def test_neither_a_gap_nor_one_odd_result_just_then_hides_the_change_since_last_week(
    case: tuple[str, str], everything: dict[Drawn, Columns]
) -> None:
    columns = everything[Drawn("edged-regression", "Now and a week ago")]
    rows = zip(columns["instance"], columns["model"], columns["cpu_cluster"], strict=True)
    place = list(rows).index((HEALTHY, *case))
    for name in ("Change of latency", "Change of energy"):
        assert columns[name][place] == pytest.approx(1 / FASTER - 1, abs=0.05)
