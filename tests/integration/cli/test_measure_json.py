"""`edged measure --json`: the shape that scripts build on, on a simulated board and on this machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from edged.measurement.verdict import Reason
from tests.integration.cli.command import CONTROL, REPLAY, Done, edged
from tests.integration.cli.conftest import SMALL
from tests.integration.cli.shape import NULL, EachValue, Shape, deviations

UNCERTAIN: Shape = {"value": float, "u95": float}
ENERGIES: Shape = {"net_energy_j": UNCERTAIN, "gross_energy_j": UNCERTAIN}
RAIL: Shape = {
    "net_energy_j": UNCERTAIN,
    "gross_energy_j": UNCERTAIN,
    "idle_power_w": float,
    "components_j": EachValue(float),
    "coverage_ratio": float,
}
REASONS = {str(reason) for reason in Reason}
MEASUREMENT: dict[str, Shape] = {
    "model": str,
    "alpha": str,
    "precision": str,
    "cpu_cluster": str,
    "protocol": str,
    "verdict": {"valid", "rejected"}.__contains__,
    "reasons": [REASONS.__contains__],
    "rejections": [{"reason": REASONS.__contains__, "detail": str}],
    "inferences": int,
    "latency_s": {
        "mean": float,
        "u95": (float, NULL),
        "quantiles": EachValue(float),
        "quantile_intervals": EachValue([float]),
    },
    "frames_per_second": float,
    "engine": str,
    "version": str,
    "delegate": str,
    "threads": int,
    "load_s": float,
    "worker_memory_bytes": int,
    "cpu_frequency_hz": (float, NULL),
    "temperature_c": (float, NULL),
    "foreign_load_ratio": (float, NULL),
    "waiting_ratio": float,
    "throttled_inferences": int,
    "finished_wall_s": float,
    "rails": EachValue(RAIL),
}
SIMULATED: dict[str, Shape] = {**MEASUREMENT, "simulated": bool, "truth": EachValue(ENERGIES)}


def measurements(done: Done) -> list[dict[str, Any]]:
    document = json.loads(done.out)
    assert list(document) == ["measurements"]
    return list(document["measurements"])


@pytest.fixture(scope="module")
def replayed() -> Done:
    """No file of a model is needed for that, nor a home for them."""
    done = edged("measure", SMALL, *REPLAY, "--protocol", "quick", "--json", env={"HOME": "/nowhere/at/all"})
    assert done.code == 0
    return done


@pytest.fixture(scope="module")
def real(config: Path) -> Done:
    done = edged("measure", SMALL, "--config", config, "--json")
    assert done.code == 0
    return done


def test_a_simulated_measurement_has_the_shape_with_the_truth_beside_it(replayed: Done) -> None:
    told = measurements(replayed)
    assert deviations(told, [SIMULATED]) == []
    assert [each["cpu_cluster"] for each in told] == ["big", "little"]
    for each in told:
        assert set(each["rails"]) == set(each["truth"]) == {"big", "little", "gpu", "mem"}
        assert each["simulated"] is True
        assert each["engine"] == "replay"


def test_the_parts_of_a_measurement_agree_with_each_other(replayed: Done) -> None:
    for each in measurements(replayed):
        assert each["frames_per_second"] == pytest.approx(1 / each["latency_s"]["mean"])
        assert set(each["reasons"]) == {rejection["reason"] for rejection in each["rejections"]}
        assert (each["verdict"] == "valid") == (each["reasons"] == [])
        for rail in each["rails"].values():
            idle_j = rail["idle_power_w"] * each["latency_s"]["mean"]
            assert rail["gross_energy_j"]["value"] == pytest.approx(
                rail["net_energy_j"]["value"] + idle_j, rel=0.01
            )


def test_quantiles_are_told_as_far_as_the_inferences_carry(replayed: Done) -> None:
    for each in measurements(replayed):
        fewest = {"50": 11, "90": 64, "99": 662}
        carried = {percentile for percentile, count in fewest.items() if each["inferences"] >= count}
        assert set(each["latency_s"]["quantiles"]) == carried
        for percentile, (low, high) in each["latency_s"]["quantile_intervals"].items():
            assert low <= each["latency_s"]["quantiles"][percentile] <= high


def test_the_same_seed_gives_the_same_document(replayed: Done) -> None:
    again = edged("measure", SMALL, *REPLAY, "--protocol", "quick", "--seed", "0", "--json")
    assert json.loads(again.out) == json.loads(replayed.out)
    other = edged("measure", SMALL, *REPLAY, "--protocol", "quick", "--seed", "1", "--json")
    assert json.loads(other.out) != json.loads(replayed.out)


def test_a_measurement_of_this_machine_has_the_shape(real: Done) -> None:
    told = measurements(real)
    assert told
    assert deviations(told, [MEASUREMENT]) == []
    for each in told:
        assert (each["model"], each["alpha"], each["precision"]) == (SMALL, "0.25", "int8")
        assert each["engine"] in {"tflite-runtime", "ai-edge-litert"}
        assert (each["protocol"], each["threads"], each["inferences"]) == ("brief", 1, 12)


def test_progress_and_tables_go_to_standard_error(replayed: Done, real: Done) -> None:
    for done in (replayed, real):
        assert done.out.startswith("{")
        assert f"{SMALL}@" in done.err
        assert CONTROL.search(done.err) is None
