"""Bogus temperatures, as XU4 owners report them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.sampling.plausible_temperature import PlausibleTemperatures

SECOND = 1_000_000_000


@pytest.mark.parametrize("bogus_c", [125.0, 228.0, 254.0, -273.0])
def test_what_no_running_board_can_have_is_rejected_even_at_first(bogus_c: float) -> None:
    filtering = PlausibleTemperatures()
    assert filtering.filter(0, {"cpu0": bogus_c, "cpu1": 45.0}) == {"cpu1": 45.0}
    assert filtering.rejected == {"cpu0": 1}


def test_a_jump_that_no_neighbour_sees_is_rejected_once() -> None:
    filtering = PlausibleTemperatures()
    filtering.filter(0, {"cpu0": 45.0, "cpu1": 46.0})
    assert filtering.filter(SECOND, {"cpu0": 100.0, "cpu1": 46.0}) == {"cpu1": 46.0}
    assert filtering.filter(2 * SECOND, {"cpu0": 46.0, "cpu1": 46.0}) == {"cpu0": 46.0, "cpu1": 46.0}
    assert filtering.rejected == {"cpu0": 1}


def test_a_jump_that_stays_is_believed() -> None:
    filtering = PlausibleTemperatures()
    filtering.filter(0, {"cpu0": 45.0})
    assert filtering.filter(SECOND, {"cpu0": 75.0}) == {}
    assert filtering.filter(2 * SECOND, {"cpu0": 76.0}) == {"cpu0": 76.0}


def test_a_jump_that_a_neighbour_sees_is_believed() -> None:
    filtering = PlausibleTemperatures()
    filtering.filter(0, {"cpu0": 45.0, "cpu1": 46.0})
    assert filtering.filter(SECOND, {"cpu0": 70.0, "cpu1": 62.0}) == {"cpu0": 70.0, "cpu1": 62.0}


def test_after_a_pause_any_temperature_in_range_is_believed() -> None:
    filtering = PlausibleTemperatures()
    filtering.filter(0, {"cpu0": 45.0})
    assert filtering.filter(10 * SECOND, {"cpu0": 90.0}) == {"cpu0": 90.0}


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.floats(-300, 300)), max_size=20))
def test_each_reading_is_let_through_or_counted(samples: list[dict[str, float]]) -> None:
    filtering = PlausibleTemperatures()
    passed = sum(len(filtering.filter(i * SECOND, sample)) for i, sample in enumerate(samples))
    assert passed + sum(filtering.rejected.values()) == sum(len(sample) for sample in samples)
