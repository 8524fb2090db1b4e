"""The API: JSON made from a snapshot, and from nothing else."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from edged import paper
from edged.board.parts import Absence
from edged.exposition.api.routes import api_routes
from edged.exposition.case_account import CASE_LABELS
from edged.exposition.ledger import Ledger
from edged.exposition.snapshot import Snapshot
from edged.measurement.verdict import Reason
from tests.unit.exposition.facts import BOARD, ENERGY, ON_BIG, SMALL, SNAPSHOT, measurement, rejected
from tests.unit.exposition.test_history import at, followed
from tests.unit.exposition.test_pareto import with_table_ii


def ask(snapshot: Snapshot, path: str, query: str = "") -> tuple[str, Mapping[str, str], Any]:
    environ: dict[str, Any] = {"QUERY_STRING": query}
    setup_testing_defaults(environ)
    answered: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        answered.update(status=status, headers=dict(headers), exc_info=exc_info)
        return io.BytesIO().write

    body = b"".join(api_routes(lambda: snapshot)[f"/api/v1/{path}"](environ, start))
    assert int(answered["headers"]["Content-Length"]) == len(body)
    return answered["status"], answered["headers"], json.loads(body)


def said(snapshot: Snapshot, path: str, query: str = "") -> Any:
    return ask(snapshot, path, query)[2]


def with_cases(ledger: Ledger) -> Snapshot:
    return replace(SNAPSHOT, cases=tuple(ledger.accounts.values()))


@pytest.mark.parametrize("path", sorted(api_routes(lambda: SNAPSHOT)))
def test_every_answer_is_json_that_nobody_stores_and_tells_its_snapshot(path: str) -> None:
    status, headers, answer = ask(SNAPSHOT, path.removeprefix("/api/v1/"))
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (
        "200 OK",
        "application/json",
        "no-store",
    )
    assert answer["snapshot"] == {"at_s": 1000.0, "wall_s": 1_700_000_000.0}


def test_the_board_tells_what_it_lacks_and_what_would_bring_it() -> None:
    lacking = replace(BOARD, absences=(Absence("power sensors", "there are none", ("buy one",)),))
    answer = said(replace(SNAPSHOT, board=lacking), "board")
    assert answer["absences"] == [{"what": "power sensors", "why": "there are none", "remedies": ["buy one"]}]
    assert (answer["model"], answer["simulated"], answer["rails"]) == ("Hardkernel Odroid XU3", False, [])
    assert [cluster["core"] for cluster in answer["cpu_clusters"]] == ["Cortex-A7", "Cortex-A15"]


def test_the_history_comes_in_columns_of_equal_length_and_from_a_moment_on() -> None:
    snapshot = followed(*(at(second) for second in range(5)))
    answer = said(snapshot, "history")
    assert answer["at_s"] == [0, 1, 2, 3, 4]
    assert answer["temperature_c"] == {"cpu0-thermal": [61.5] * 5}
    assert answer["frequency_hz"] == {"big": [1_900_000_000] * 5}
    assert said(snapshot, "history", "after=2")["at_s"] == [3, 4]


@pytest.mark.parametrize("query", ["after=", "after=x", "after=nan", "after=inf"])
def test_a_query_that_means_nothing_is_refused_in_words(query: str) -> None:
    status, _, answer = ask(SNAPSHOT, "history", query)
    assert status == "400 Bad Request"
    assert "number of seconds" in answer["error"]


def test_a_case_that_was_never_measured_has_no_numbers() -> None:
    (case,) = said(with_cases(Ledger([ON_BIG])), "results")["cases"]
    assert (case["result"], case["last"]) == (None, None)
    assert (case["model"], case["top1_ratio"], case["paper_frames_per_second"]) == (SMALL.name, 0.482, 56.11)


def test_a_rejected_measurement_leaves_the_last_valid_result_and_says_why() -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement(rails={"big": ENERGY}))
    ledger.apply(rejected(Reason.THROTTLED, finished_wall_s=SNAPSHOT.wall_s - 5))
    (case,) = said(with_cases(ledger), "results")["cases"]
    assert case["result"]["latency_s"] == {"value": 0.02, "u95": 0.0001}
    assert case["result"]["net_energy_j"] == {"value": 0.03, "u95": 0.001}
    assert case["last"]["verdict"] == "rejected"
    assert case["last"]["rejections"] == [{"reason": "throttled", "detail": "seen"}]
    assert case["last"]["finished"]["age_s"] == 5
    assert case["rejected"] == {"throttled": 1}


def test_a_measurement_from_the_future_has_no_age() -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement(finished_wall_s=SNAPSHOT.wall_s + 1e9))
    (case,) = said(with_cases(ledger), "results")["cases"]
    assert case["result"]["finished"]["age_s"] is None


def test_without_power_sensors_no_joule_is_told() -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement())
    (case,) = said(with_cases(ledger), "results")["cases"]
    assert (case["result"]["net_energy_j"], case["result"]["rails"]) == (None, {})


def test_the_plots_are_those_of_the_paper_and_its_points_are_behind() -> None:
    plots = {
        (plot["objective"], plot["cpu_cluster"]): plot for plot in said(with_table_ii(), "tradeoffs")["plots"]
    }
    assert {name: (len(plot["points"]), len(plot["paper"])) for name, plot in plots.items()} == {
        ("latency", "big"): (8, 8),
        ("latency", "little"): (8, 8),
        ("energy", "big"): (8, 0),
        ("energy", "little"): (8, 0),
        ("memory", ""): (8, 8),
        ("energy", ""): (16, 0),
    }
    slow = plots["latency", "little"]["points"]
    half = next(point for point in slow if (point["alpha"], point["precision"]) == ("0.5", "fp32"))
    assert (half["optimal"], half["certain"]) == (False, False)
    mixed = [point for point in plots["memory", ""]["paper"] if point["mixed_with_v2"]]
    assert [(point["alpha"], point["precision"], point["cost"]) for point in mixed] == [
        ("1.0", "int8", 3.4e6)
    ]
    assert all("cpu_cluster" not in point for point in plots["memory", ""]["points"])


def test_beside_the_plots_stands_what_is_worth_it_in_latency_and_energy_at_once() -> None:
    points = said(with_table_ii(), "tradeoffs")["latency_and_energy"]["points"]
    assert len(points) == 16
    half = {
        each["cpu_cluster"]: each for each in points if (each["alpha"], each["precision"]) == ("0.5", "fp32")
    }
    assert {cluster: each["optimal"] for cluster, each in half.items()} == {"big": True, "little": False}
    latency_s = 1 / paper.TABLE_II["0.5", "fp32", "big"]
    assert half["big"]["latency_s"] == {"value": latency_s, "u95": pytest.approx(0.001 * latency_s)}
    assert half["big"]["net_energy_j"]["value"] == pytest.approx(2.0 * latency_s)


def test_without_joules_nothing_is_worth_it_in_latency_and_energy() -> None:
    ledger = Ledger([ON_BIG])
    ledger.apply(measurement())
    assert said(with_cases(ledger), "tradeoffs")["latency_and_energy"]["points"] == []


def test_a_case_over_other_rails_than_the_rest_is_named_where_it_is_left_out() -> None:
    snapshot = with_table_ii()
    first, *others = snapshot.cases
    assert first.last_valid
    fewer = replace(first, last_valid=replace(first.last_valid, rails={"mem": ENERGY}))
    told = said(replace(snapshot, cases=(fewer, *others)), "tradeoffs")
    left_out = [{**dict(zip(CASE_LABELS, first.labels, strict=True)), "rails": ["mem"]}]
    plots = {(plot["objective"], plot["cpu_cluster"]): plot for plot in told["plots"]}
    for compared in (
        told["latency_and_energy"],
        plots["energy", ""],
        plots["energy", first.labels[3]],
    ):
        assert compared["on_other_rails"] == left_out
    assert len(plots["latency", first.labels[3]]["points"]) == 8
    assert plots["latency", first.labels[3]]["on_other_rails"] == []


def test_one_cluster_has_its_energy_once() -> None:
    snapshot = with_table_ii()
    big = tuple(case for case in snapshot.cases if case.labels[3] == "big")
    plots = said(replace(snapshot, cases=big), "tradeoffs")["plots"]
    assert [(plot["objective"], plot["cpu_cluster"]) for plot in plots] == [
        ("latency", "big"),
        ("energy", "big"),
        ("memory", ""),
    ]
