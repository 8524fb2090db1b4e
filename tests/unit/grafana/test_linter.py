"""The rules of Grafana's dashboard-linter, and some of our own.

Two differ from the linter's, for a reason each:

* On two dashboards the board is one, not several: their figures of two boards would be mixed up in one table.
* `$__range` is a range too, for an instant query over all that is shown.
"""

import json
import re
from typing import Any

import pytest
from promql_parser import MatchOp

from tests.unit.grafana.promql import calls, metrics_in, selectors
from tests.unit.grafana.shipped import (
    DASHBOARDS,
    dashboard,
    expressions,
    panels,
    promql_of_variable,
    rows,
    variable_queries,
)

_ONE_BOARD = {"edged-board", "edged-tradeoffs"}
_COUNTING = {"rate", "increase", "irate"}


@pytest.fixture(params=DASHBOARDS)
def shipped(request: pytest.FixtureRequest) -> Any:
    return dashboard(request.param)


def _variables(shipped: Any) -> dict[str, Any]:
    return {variable["name"]: variable for variable in shipped["templating"]["list"]}


def test_every_dashboard_has_the_same_variables_in_the_same_order(shipped: Any) -> None:
    assert list(_variables(shipped)) == ["datasource", "job", "instance", "cpu_cluster", "model"]


def test_the_data_source_can_be_chosen_and_is_used_by_all(shipped: Any) -> None:
    source = _variables(shipped)["datasource"]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    users = [*panels(shipped), *(target for panel in panels(shipped) for target in panel["targets"])]
    users += [*shipped["annotations"]["list"], *list(_variables(shipped).values())[1:]]
    assert all(user["datasource"] == {"type": "prometheus", "uid": "${datasource}"} for user in users)


def test_variables_are_asked_anew_when_the_time_range_changes(shipped: Any) -> None:
    assert all(variable["refresh"] == 2 for variable in list(_variables(shipped).values())[1:])


def test_several_jobs_and_boards_can_be_chosen(shipped: Any) -> None:
    several = {name: each for name, each in _variables(shipped).items() if name != "datasource"}
    if shipped["uid"] in _ONE_BOARD:
        board = several.pop("instance")
        assert not board.get("multi")
        assert not board.get("includeAll")
    for variable in several.values():
        assert (variable["multi"], variable["includeAll"], variable["allValue"]) == (True, True, ".+")


def test_the_board_is_called_so(shipped: Any) -> None:
    assert _variables(shipped)["instance"]["label"] == "Board"


def test_each_variable_is_filtered_by_those_before_it(shipped: Any) -> None:
    variables = _variables(shipped)
    assert "$job" in variables["instance"]["query"]
    assert all(name in variables["cpu_cluster"]["query"] for name in ("$job", "$instance"))
    assert all(name in variables["model"]["query"] for name in ("$job", "$instance", "$cpu_cluster"))


def test_every_panel_says_what_it_is(shipped: Any) -> None:
    for panel in panels(shipped):
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert not panel["title"].endswith((".", "?", "!"))
        assert panel["description"].endswith(".")
        assert defaults["unit"]
        assert defaults["noValue"]
        assert panel["targets"]


def test_every_query_is_promql_of_the_boards_chosen(shipped: Any) -> None:
    for where, expr in expressions(shipped):
        for selector in selectors(expr):
            found = {matcher.name: matcher for matcher in selector.matchers.matchers}
            assert found["job"].value == "$job", where
            if f"last_over_time({selector.name}{{" in expr and "instance" not in found:
                # Which jobs are edged's: a board of theirs that never answered is one too.
                assert selector.name == "edged_build_info"
                continue
            assert found["instance"].value == "$instance", where
            one = shipped["uid"] in _ONE_BOARD
            assert str(found["instance"].op) == str(MatchOp.Equal if one else MatchOp.Re), where


def test_what_other_programs_have_too_is_asked_of_boards_only(shipped: Any) -> None:
    """Default is every job and every instance: Prometheus itself would be one of the boards."""
    asked = [
        *expressions(shipped),
        *((name, promql_of_variable(query)) for name, query in variable_queries(shipped)),
    ]
    for where, expr in asked:
        others = [name for name in metrics_in(expr) if not name.startswith("edged_")]
        if others == ["ALERTS"]:
            assert 'alertname=~"Edged.+"' in expr, where
        elif others:
            assert re.search(r" and on \(job(, instance)?\) ", expr), where
            assert "edged_build_info" in metrics_in(expr), where


def test_every_rate_is_over_an_interval_that_fits(shipped: Any) -> None:
    for panel in panels(shipped):
        for target in panel["targets"]:
            for function, window in calls(target["expr"]):
                if function in _COUNTING:
                    assert window == "$__rate_interval" or (window == "$__range" and target["instant"])


def test_no_counter_is_shown_as_it_is(shipped: Any) -> None:
    for where, expr in expressions(shipped):
        for found in re.finditer(r"(\w+)\((\w+_total)\{[^}]*\}(\[?)", expr):
            # How many series there are is no matter of their values.
            assert found[3] == "[" or found[1] == "count", f"{where}: {found[2]}"


def test_the_dashboard_is_changed_in_code_only(shipped: Any) -> None:
    assert shipped["editable"] is False


def test_panel_ids_are_unique(shipped: Any) -> None:
    ids = [panel["id"] for panel in (*panels(shipped), *rows(shipped))]
    assert len(ids) == len(set(ids))
    assert min(ids) >= 1


def test_queries_of_a_panel_have_names_of_their_own(shipped: Any) -> None:
    for panel in panels(shipped):
        names = [target["refId"] for target in panel["targets"]]
        assert len(names) == len(set(names)), panel["title"]


def test_a_menu_leads_to_the_other_dashboards_and_keeps_what_was_chosen(shipped: Any) -> None:
    (menu,) = shipped["links"]
    assert menu["tags"] == shipped["tags"] == ["edged"]
    assert menu["includeVars"]
    assert menu["keepTime"]


def test_crosshair_range_and_refresh_are_set(shipped: Any) -> None:
    assert shipped["graphTooltip"] == 1
    assert shipped["time"]["to"] == "now"
    assert shipped["refresh"] in {"30s", "5m"}
    assert "?" in shipped["description"]


def test_links_lead_to_dashboards_that_are_there(shipped: Any) -> None:
    targets = re.findall(r'"url": "/d/([\w-]+)\?', json.dumps(shipped))
    assert set(targets) <= set(DASHBOARDS)
