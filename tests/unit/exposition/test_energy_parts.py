"""Which parts of an energy's uncertainty are exported."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.exposition.energy_parts import energy_parts
from tests.unit.exposition.facts import ENERGY


def test_parts_that_one_remedy_helps_against_are_put_together() -> None:
    components_j = {
        "gain": 3.0,
        "shunt": 4.0,
        "noise": 5.0,
        "period": 12.0,
        "drift": 8.0,
        "foreign_load": 6.0,
    }
    energy = replace(ENERGY, components_j=components_j)
    assert list(energy_parts("big", {"big": energy})) == [
        ("big", "calibration", 5.0),
        ("big", "readings", 13.0),
        ("big", "baseline", 10.0),
    ]


def test_they_are_told_of_the_rail_of_the_cpu_cluster_alone() -> None:
    rails = {"big": ENERGY, "little": ENERGY, "mem": ENERGY}
    assert {rail for rail, _, _ in energy_parts("little", rails)} == {"little"}


def test_where_no_rail_feeds_the_cluster_alone_they_are_told_of_all() -> None:
    assert {rail for rail, _, _ in energy_parts("big", {"board": ENERGY, "usb": ENERGY})} == {"board", "usb"}


@given(st.dictionaries(st.sampled_from(["gain", "shunt", "noise", "drift", "new"]), st.floats(0, 1e3)))
def test_nothing_of_the_uncertainty_is_lost(components_j: dict[str, float]) -> None:
    parts = energy_parts("big", {"big": replace(ENERGY, components_j=components_j)})
    assert math.hypot(*(value_j for _, _, value_j in parts)) == pytest.approx(
        math.hypot(*components_j.values())
    )
