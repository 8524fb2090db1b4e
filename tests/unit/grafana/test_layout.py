"""Where panels are: nothing overlaps, lines are full, titles fit."""

from collections import defaultdict
from itertools import combinations

import pytest

from tests.unit.grafana.shipped import DASHBOARDS, Json, dashboard, panels

_COLUMNS = 24
# On a screen of 1,400 pixels a column has 56, and a letter of a title takes 8 at most.
_LETTERS_IN_A_COLUMN = 7


def _groups(uid: str) -> list[list[Json]]:
    """What is on the grid at once: the page with its folded rows, and what each of these unfolds."""
    shipped = dashboard(uid)["panels"]
    return [shipped, *(panel["panels"] for panel in shipped if panel["type"] == "row" and panel["panels"])]


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_no_panels_overlap(uid: str) -> None:
    for group in _groups(uid):
        for one, other in combinations((panel["gridPos"] for panel in group), 2):
            apart = (
                one["x"] + one["w"] <= other["x"]
                or other["x"] + other["w"] <= one["x"]
                or one["y"] + one["h"] <= other["y"]
                or other["y"] + other["h"] <= one["y"]
            )
            assert apart, (one, other)


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_panels_beside_each_other_fill_the_width(uid: str) -> None:
    for group in _groups(uid):
        widths: dict[int, int] = defaultdict(int)
        for panel in group:
            widths[panel["gridPos"]["y"]] += panel["gridPos"]["w"]
        assert set(widths.values()) == {_COLUMNS}, uid


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_titles_fit_into_their_panels(uid: str) -> None:
    cut = [
        panel["title"]
        for panel in panels(dashboard(uid))
        if len(panel["title"]) > _LETTERS_IN_A_COLUMN * panel["gridPos"]["w"]
    ]
    assert not cut


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_repeated_panel_has_a_line_of_its_own(uid: str) -> None:
    assert all(panel["gridPos"]["w"] == _COLUMNS for panel in panels(dashboard(uid)) if panel.get("repeat"))


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_state_comes_first(uid: str) -> None:
    first = [panel for panel in panels(dashboard(uid)) if panel["gridPos"]["y"] == 0]
    assert {panel["type"] for panel in first} == {"stat"}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_what_a_stat_says_without_a_value_is_short_enough_to_be_read(uid: str) -> None:
    # Grafana makes the letters as small as they must be.
    for panel in panels(dashboard(uid)):
        if panel["type"] == "stat":
            words = panel["fieldConfig"]["defaults"]["noValue"]
            assert len(words) <= panel["gridPos"]["w"] * _LETTERS_IN_A_COLUMN, (panel["title"], words)
