"""Real temperatures and bogus ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.plausible import HIGHEST_C, Judged, judge

COOL = {"cpu0": 45.0, "cpu1": 44.0, "gpu": 41.0}


SECOND = 1_000_000_000


def judged(*samples: dict[str, float], every_s: int = 1) -> Judged:
    state = Judged()
    for number, sample in enumerate(samples):
        state = judge(sample, number * every_s * SECOND, state)
    return state


@pytest.mark.parametrize("bogus", [125.0, 228.0, 254.0, -273.0])
def test_an_impossible_temperature_is_rejected_even_in_the_first_sample(bogus: float) -> None:
    state = judged({**COOL, "cpu1": bogus})
    assert state.rejected == {"cpu1"}
    assert state.plausible_c == {"cpu0": 45.0, "gpu": 41.0}


def test_a_jump_of_one_sample_that_no_neighbour_sees_is_rejected() -> None:
    state = judged(COOL, {**COOL, "cpu1": 100.0})
    assert state.rejected == {"cpu1"}


def test_after_a_bogus_sample_the_old_temperature_is_believed_at_once() -> None:
    assert judged(COOL, {**COOL, "cpu1": 100.0}, COOL).rejected == frozenset()


def test_a_jump_that_is_still_there_in_the_next_sample_is_real() -> None:
    hot = {**COOL, "cpu1": 80.0}
    assert judged(COOL, hot, hot).plausible_c["cpu1"] == 80.0


def test_a_jump_that_a_neighbour_shares_is_real() -> None:
    state = judged(COOL, {"cpu0": 75.0, "cpu1": 70.0, "gpu": 42.0})
    assert state.rejected == frozenset()


def test_a_neighbour_that_is_bogus_itself_is_no_witness() -> None:
    assert judged(COOL, {"cpu0": 254.0, "cpu1": 100.0, "gpu": 41.0}).rejected == {"cpu0", "cpu1"}


def test_a_neighbour_that_cools_is_no_witness_of_heat() -> None:
    warm = {"cpu0": 60.0, "cpu1": 60.0}
    assert judged(warm, {"cpu0": 50.0, "cpu1": 90.0}).rejected == {"cpu1"}


def test_a_zone_that_could_not_be_read_for_a_moment_is_judged_by_what_it_was() -> None:
    assert judged(COOL, {"cpu0": 45.0}, {**COOL, "gpu": 100.0}).rejected == {"gpu"}


def test_after_a_pause_any_temperature_in_range_is_believed() -> None:
    hot = {**COOL, "gpu": 90.0}
    assert judged(COOL, hot, every_s=10).plausible_c == hot


zones = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(-300, 300))


@given(st.lists(zones, max_size=6))
def test_each_reading_is_either_believed_or_rejected_and_never_above_the_limit(
    samples: list[dict[str, float]],
) -> None:
    state = Judged()
    for number, sample in enumerate(samples):
        state = judge(sample, number * SECOND, state)
        assert state.rejected | set(state.plausible_c) == set(sample)
        assert not state.rejected & set(state.plausible_c)
        assert all(value <= HIGHEST_C for value in state.plausible_c.values())


@given(st.lists(st.floats(20, 95), min_size=1, max_size=20))
def test_zones_that_move_together_are_always_believed(temperatures: list[float]) -> None:
    state = Judged()
    for number, temperature in enumerate(temperatures):
        state = judge({"a": temperature, "b": temperature + 2}, number * SECOND, state)
        assert state.rejected == frozenset()
