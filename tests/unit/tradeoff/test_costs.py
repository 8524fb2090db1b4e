"""What a case costs, by objective."""

import math
from dataclasses import replace

import pytest

from edged.measurement.result import RailEnergy, Uncertain
from edged.tradeoff.costs import Objective, point_of
from edged.tradeoff.front import Cost, Point
from edged.tradeoff.inference_energy import inference_energy, rails_that_add_up
from tests.unit.exposition.facts import ENERGY, latency_of, measurement


def energy(net_j: float, u95_j: float) -> RailEnergy:
    return replace(ENERGY, net_energy_j=Uncertain(net_j, u95_j))


def test_rails_add_up_and_their_uncertainties_in_squares() -> None:
    total = inference_energy({"big": energy(0.3, 0.003), "mem": energy(0.02, 0.004)})
    assert total is not None
    assert math.isclose(total.value, 0.32)
    assert math.isclose(total.u95, 0.005)


def test_without_a_rail_there_is_no_energy() -> None:
    assert inference_energy({}) is None


@pytest.mark.parametrize(
    ("rails", "told"),
    [
        (("little", "big", "gpu", "mem"), ("little", "big", "gpu", "mem")),
        (("big", "board"), ("board",)),
        (("package-0", "package-0/core", "package-0/dram"), ("package-0", "package-0/dram")),
        (("package-0/core",), ("package-0/core",)),
        (("package-0", "psys"), ("psys",)),
    ],
)
def test_what_is_in_another_rail_is_not_counted_twice(rails: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert rails_that_add_up(dict.fromkeys(rails, ENERGY)) == told


def test_each_objective_has_its_cost_with_its_uncertainty() -> None:
    done = measurement(latency=latency_of(0.02, 0.001), rails={"big": energy(0.3, 0.003)})
    assert point_of(Objective.LATENCY, 0.5, done, 100) == Point(0.5, 0.02, 0.001)
    assert point_of(Objective.MEMORY, 0.5, done, 100) == Point(0.5, 100, 0.0)
    assert point_of(Objective.ENERGY, 0.5, done, 100) == Point(0.5, 0.3, 0.003)
    both = Point(0.5, 0.02, 0.001, (Cost(0.3, 0.003),))
    assert point_of(Objective.LATENCY_AND_ENERGY, 0.5, done, 100) == both


def test_what_is_not_known_has_no_point() -> None:
    assert point_of(Objective.LATENCY, 0.5, None, 100) is None
    assert point_of(Objective.LATENCY, 0.5, measurement(latency=None), 100) is None
    assert point_of(Objective.MEMORY, 0.5, None, None) is None
    assert point_of(Objective.ENERGY, 0.5, measurement(), 100) is None
    assert point_of(Objective.ENERGY, 0.5, None, 100) is None
    assert point_of(Objective.LATENCY_AND_ENERGY, 0.5, measurement(), 100) is None
    silent = measurement(latency=None, rails={"big": energy(0.3, 0.003)})
    assert point_of(Objective.LATENCY_AND_ENERGY, 0.5, silent, 100) is None


def test_memory_needs_no_measurement() -> None:
    assert point_of(Objective.MEMORY, 0.5, None, 100) == Point(0.5, 100)
