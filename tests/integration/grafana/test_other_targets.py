"""Prometheus scrapes more than boards: no variable offers that, and no panel shows or counts it."""

from typing import Any

import pytest

from tests.integration.grafana.asked import Question, answer, filled, questions, resolved, values_of_all
from tests.integration.grafana.processes import GONE, HEALTHY, HOT, Prometheus
from tests.unit.grafana.shipped import DASHBOARDS, dashboard

BOARDS = {HEALTHY, HOT, GONE}


def _value(server: Prometheus, expr: str) -> float:
    (series,) = answer(Question("", expr, instant=True), server)
    return float(series["value"][1])


def _shown(server: Prometheus, uid: str, title: str, **chosen: str) -> list[Any]:
    """What a panel with one query shows."""
    shipped = dashboard(uid)
    variables = {**values_of_all(shipped, resolved(shipped, server)), **chosen}
    (expr,) = [
        target["expr"]
        for panel in shipped["panels"]
        if panel["title"] == title
        for target in panel["targets"]
    ]
    return answer(Question(title, filled(expr, variables), instant=True), server)


def test_prometheus_has_targets_that_are_no_boards(server: Prometheus) -> None:
    found = server.ask("query", query="up", time=str(server.seen_s))["result"]
    assert {each["metric"]["job"] for each in found} == {"edged", "prometheus", "node"}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_no_variable_offers_them(uid: str, server: Prometheus) -> None:
    offered = resolved(dashboard(uid), server)
    assert offered["job"] == ["edged"]
    assert set(offered["instance"]) <= BOARDS


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_no_panel_shows_them(uid: str, server: Prometheus) -> None:
    shipped = dashboard(uid)
    for question in questions(shipped, resolved(shipped, server)):
        for series in answer(question, server):
            assert series["metric"].get("job", "edged") == "edged", question.where
            assert series["metric"].get("instance", HEALTHY) in BOARDS, question.where


def test_boards_that_never_answered_are_offered_and_counted_as_down(server: Prometheus) -> None:
    assert set(resolved(dashboard("edged-fleet"), server)["instance"]) == BOARDS
    counts = {}
    for title in ("Boards up", "Boards down"):
        (series,) = _shown(server, "edged-fleet", title)
        counts[title] = float(series["value"][1])
    assert counts == {"Boards up": 2, "Boards down": 1}


def test_a_board_that_never_answered_is_down_also_when_it_alone_is_chosen(server: Prometheus) -> None:
    for uid, title, value in (
        ("edged-fleet", "Boards down", "1"),
        ("edged-fleet", "Boards up", "0"),
        ("edged-board", "State", "0"),
    ):
        (series,) = _shown(server, uid, title, instance=GONE)
        assert series["value"][1] == value, title


def test_the_overhead_is_that_of_edged_where_another_program_has_the_same_name(server: Prometheus) -> None:
    shown = _shown(server, "edged-self", "CPU time of the daemon")
    (share,) = [float(each["value"][1]) for each in shown if each["metric"]["instance"] == HEALTHY]
    rate = filled(f'rate(process_cpu_seconds_total{{job="JOB", instance="{HEALTHY}"}}[$__rate_interval])', {})
    own, others = (_value(server, rate.replace("JOB", job)) for job in ("edged", "node"))
    assert others > 0
    assert share == pytest.approx(own)
