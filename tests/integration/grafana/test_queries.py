"""Every question of every dashboard has an answer, from boards that replay the paper."""

from typing import Any

import pytest

from tests.integration.grafana.asked import (
    Question,
    answer,
    filled,
    has_number,
    questions,
    resolved,
    values_of_all,
)
from tests.integration.grafana.processes import HOT, Prometheus
from tests.unit.grafana.shipped import DASHBOARDS, dashboard


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_query_of_every_panel_returns_data(uid: str, server: Prometheus) -> None:
    shipped = dashboard(uid)
    empty = [
        f"{question.where}: {question.expr}"
        for question in questions(shipped, resolved(shipped, server))
        if not has_number(answer(question, server))
    ]
    assert not empty, "\n".join(empty)


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_variable_offers_something(uid: str, server: Prometheus) -> None:
    assert set(resolved(dashboard(uid), server)) == {"job", "instance", "cpu_cluster", "model"}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_annotation_is_a_question_that_prometheus_understands(uid: str, server: Prometheus) -> None:
    for _, series in _annotated(dashboard(uid), server):
        assert isinstance(series, list)


def test_throttling_of_the_hot_board_is_marked(server: Prometheus) -> None:
    marked = dict(_annotated(dashboard("edged-fleet"), server))
    assert {each["metric"]["instance"] for each in marked["Throttled"]} == {HOT}


def test_the_boards_have_gone_through_throttling_failures_and_rejections(server: Prometheus) -> None:
    for counted in (
        "edged_throttled_seconds_total",
        "edged_inference_failures_total",
        'edged_measurements_rejected_total{reason="worker_failed"}',
    ):
        assert server.ask("query", query=f"{counted} > 0", time=str(server.seen_s))["result"], counted


def _annotated(shipped: Any, server: Prometheus) -> list[tuple[str, Any]]:
    chosen = values_of_all(shipped, resolved(shipped, server))
    return [
        (each["name"], answer(Question(each["name"], filled(each["expr"], chosen), instant=False), server))
        for each in shipped["annotations"]["list"]
    ]
