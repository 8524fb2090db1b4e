"""The table of cases."""

from dataclasses import replace

import pytest

from edged.cli.results_table import results_table, verdict_text
from edged.measurement.result import Case, Measurement
from edged.measurement.verdict import Reason, Rejection, Verdict
from tests.unit.cli.showing import ENERGY, ON_BIG, SMALL, measurement, rejected, rows, shown

ON_LITTLE = Case(SMALL, "little")


def table(results: dict[Case, Measurement], running: Case | None = None, width: int = 100) -> list[list[str]]:
    return rows(results_table([ON_BIG, ON_LITTLE], results, running, "a board"), width)


def test_each_case_has_a_row_from_the_start() -> None:
    assert table({}) == [
        ["0.25", "int8", "big", "56.11", "to", "come"],
        ["0.25", "int8", "little", "14.24", "to", "come"],
    ]


def test_the_case_under_way_is_marked() -> None:
    first, second = table({}, running=ON_LITTLE)
    assert (first[-1], second[-1]) == ("come", "running")


def test_a_result_stands_beside_the_papers() -> None:
    (row, _) = table({ON_BIG: measurement()})
    assert row == ["0.25", "int8", "big", "20.00", "±", "0.10", "ms", "50.00", "56.11", "valid"]


def test_a_case_that_runs_again_keeps_its_last_result() -> None:
    (row, _) = table({ON_BIG: measurement()}, running=ON_BIG)
    assert "20.00" in row
    assert row[-1] == "again"


def test_there_is_a_column_of_energy_only_where_there_is_energy() -> None:
    assert "energy" not in shown(results_table([ON_BIG], {ON_BIG: measurement()}, None, ""))
    measured = measurement(rails={"mem": ENERGY, "big": replace(ENERGY, idle_power_w=0.2)})
    text = shown(results_table([ON_BIG], {ON_BIG: measured}, None, ""))
    assert "net energy" in text
    assert "30.0 ± 1.0 mJ" in text


def test_energy_of_another_rail_says_whose_it_is() -> None:
    (row, _) = table({ON_BIG: measurement(rails={"board": ENERGY})})
    assert row[-3:] == ["mJ", "board", "valid"]


def test_a_rejection_says_each_reason_once() -> None:
    rejections = [Rejection(Reason.COVERAGE, f"rail {rail}") for rail in ("big", "mem")]
    verdict = Verdict((*rejections, Rejection(Reason.UNSTEADY, "seen")))
    assert verdict_text(measurement(verdict=verdict)).plain == "coverage, unsteady"


def test_a_measurement_without_latency_leaves_its_cells_empty() -> None:
    (row, _) = table({ON_BIG: rejected(Reason.WORKER_FAILED, latency=None)})
    assert row == ["0.25", "int8", "big", "56.11", "worker_failed"]


def test_a_cluster_that_the_paper_had_not_is_compared_with_its_a15() -> None:
    (row,) = rows(results_table([Case(SMALL, "cpu")], {}, None, ""))
    assert row[3:5] == ["56.11", "A15"]


def test_a_model_that_the_paper_had_not_is_compared_with_nothing() -> None:
    own = Case(replace(SMALL, name="door", alpha="", precision="int4"), "big")
    assert rows(results_table([own], {}, None, "")) == [["door", "big", "to", "come"]]


@pytest.mark.parametrize("width", [1, 20, 40, 80, 200])
def test_any_width_of_terminal_is_wide_enough(width: int) -> None:
    text = shown(results_table([ON_BIG], {ON_BIG: measurement(rails={"big": ENERGY})}, None, "t"), width)
    assert max(map(len, text.splitlines())) <= max(width, 80)


def test_eighty_columns_show_every_figure_in_full() -> None:
    text = shown(results_table([ON_BIG], {ON_BIG: measurement(rails={"big": ENERGY})}, None, "t"), 80)
    assert "…" not in text
