"""A table on terminals of any width."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from edged.cli.table import Column, FittingTable
from tests.unit.cli.showing import shown

COLUMNS = (
    Column("model", folds=18),
    Column("latency", right=True),
    Column("FPS", right=True, spare=2),
    Column("rail", spare=1),
    Column("net energy", right=True, spare=1),
)
FIGURES = ("22.818 ± 0.067 ms", "43.83", "little", "38.96 ± 0.53 mJ")
NAMES = st.text("abcXYZ_[]/:.é漢字", min_size=1, max_size=64)


def table(model: str = "0.25 fp32", elsewhere: str = "") -> FittingTable:
    made = FittingTable("a board", COLUMNS, elsewhere)
    made.add_row(model, *FIGURES)
    made.add_row("", "", "", "mem", "1.377 ± 0.024 mJ")
    return made


def test_where_there_is_room_all_is_shown() -> None:
    text = shown(table(), 100)
    assert all(figure in text for figure in FIGURES)
    assert "No room" not in text


def test_it_takes_no_more_than_it_needs_and_that_is_what_it_reckons_with() -> None:
    widest = max(map(len, shown(table(), 10_000).splitlines()))
    assert "No room" not in shown(table(), widest)
    assert "No room" in shown(table(), widest - 1)


@pytest.mark.parametrize(
    ("width", "left_out"), [(60, "FPS"), (45, "rail, net energy"), (34, "FPS, rail, net energy")]
)
def test_on_a_narrow_terminal_whole_columns_are_left_out_and_named(width: int, left_out: str) -> None:
    text = " ".join(shown(table(), width).split())
    assert f"No room for {left_out}: a wider terminal shows " in text
    assert "22.818 ± 0.067 ms" in text


def test_it_says_what_else_shows_them() -> None:
    text = " ".join(shown(table(elsewhere="--format csv"), 45).split())
    assert text.endswith("a wider terminal shows them, and so does --format csv.")


def test_columns_that_belong_together_are_left_out_with_the_rows_that_only_they_have() -> None:
    with_energy, without = shown(table(), 60), shown(table(), 34)
    assert "mem" in with_energy
    assert "mem" not in without
    assert "0.25 fp32" in without


def test_a_long_name_folds_before_anything_is_left_out() -> None:
    name = "the_door_of_the_attic_on_a_rainy_day_quantised"
    text = shown(table(name), 80)
    assert "No room" not in text
    assert name not in text
    assert name in "".join(re.findall(r"^ ([a-z_]*)", text, re.M))


@pytest.mark.parametrize("name", ["[/foo]", "[bold]x[/bold]", ":warning:", "\\[x]"])
def test_a_name_is_never_markup_whatever_the_console_does(name: str) -> None:
    made = FittingTable(name, [Column(name)])
    made.add_row(name)
    assert shown(made).count(name) == 3


@given(st.integers(36, 140), NAMES)
def test_no_figure_is_ever_cut_off_and_no_sign_of_a_name_is_lost(width: int, model: str) -> None:
    text = shown(table(model), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "22.818 ± 0.067 ms" in text
    assert "…" not in text
    assert text.count("±") == len(re.findall(r"± [0-9.]+ (?:ms|mJ)\b", text))
    assert all(text.count(sign) >= model.count(sign) for sign in model)


@given(st.integers(8, 35))
def test_where_there_is_room_for_nothing_it_is_drawn_all_the_same(width: int) -> None:
    text = shown(table(), width)
    assert all(text.count(sign) >= FIGURES[0].count(sign) for sign in FIGURES[0])
