"""A sensor that shows an old value, and rails that are merely quiet."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.inference.job import Inference
from edged.measurement.frozen import frozen_ns, usual_rise_uw
from edged.measurement.windows import BusyTime
from edged.power.reading import Reading

MS = 1_000_000
STEP_UW = 1_000.0
IDLE_UW, BUSY_UW = 100_000, 1_800_000
RISE_UW = float(BUSY_UW - IDLE_UW)
# Ten readings idle, ten busy, ten idle.
ONE_SECOND = BusyTime([Inference(1000 * MS, 2000 * MS, 0)])
ALIVE = [IDLE_UW] * 10 + [BUSY_UW] * 10 + [IDLE_UW] * 10


def readings(powers_uw: list[int]) -> list[Reading]:
    return [Reading(k * 100 * MS, (k + 1) * 100 * MS, power) for k, power in enumerate(powers_uw)]


def test_a_rail_that_follows_its_load_is_alive_although_each_level_stays_for_long() -> None:
    assert frozen_ns(readings(ALIVE), ONE_SECOND, RISE_UW, STEP_UW) == 0


@pytest.mark.parametrize(
    ("first", "last"), [(5, 15), (15, 25), (0, 29)], ids=["at the beginning", "at the end", "all the time"]
)
def test_one_value_beside_an_inference_and_in_it_is_frozen(first: int, last: int) -> None:
    powers = list(ALIVE)
    powers[first : last + 1] = [ALIVE[first]] * (last + 1 - first)
    assert frozen_ns(readings(powers), ONE_SECOND, RISE_UW, STEP_UW) >= (last - first) * 100 * MS


def test_one_value_while_the_load_stays_the_same_is_no_harm() -> None:
    assert frozen_ns(readings(ALIVE)[10:20], ONE_SECOND, RISE_UW, STEP_UW) == 0


def test_a_rail_that_feels_nothing_of_the_load_may_be_quiet() -> None:
    quiet = readings([IDLE_UW] * 30)
    assert frozen_ns(quiet, ONE_SECOND, 2 * STEP_UW, STEP_UW) == 0
    assert frozen_ns(quiet, ONE_SECOND, -RISE_UW, STEP_UW) == 0


def test_a_rail_that_must_feel_the_load_may_not() -> None:
    assert frozen_ns(readings([IDLE_UW] * 30), ONE_SECOND, math.inf, STEP_UW) == 3000 * MS


def test_short_inferences_within_one_value_are_seen_too() -> None:
    short = BusyTime([Inference(k * 1000 * MS + 20 * MS, k * 1000 * MS + 60 * MS, 0) for k in range(1, 3)])
    assert frozen_ns(readings([IDLE_UW] * 30), short, RISE_UW, STEP_UW) == 3000 * MS


def test_an_inference_s_end_that_is_placed_a_little_wrongly_is_no_fault_of_the_sensor() -> None:
    early = BusyTime([Inference(980 * MS, 2020 * MS, 0)])
    assert frozen_ns(readings(ALIVE), early, RISE_UW, STEP_UW) == 0


def test_what_an_inference_adds_is_seen_in_long_ones_and_in_short_ones() -> None:
    assert usual_rise_uw(readings(ALIVE), ONE_SECOND) == RISE_UW
    half = BusyTime([Inference(k * 1000 * MS, k * 1000 * MS + 50 * MS, 0) for k in range(3)])
    powers = [IDLE_UW + round(RISE_UW / 2) if k % 10 == 0 else IDLE_UW for k in range(30)]
    assert usual_rise_uw(readings(powers), half) == RISE_UW


@pytest.mark.parametrize("bursts", [[12, 13], [10, 11, 12, 19], [2, 3, 15, 25]])
def test_bursts_of_other_programs_on_a_quiet_rail_are_nothing_that_an_inference_adds(
    bursts: list[int],
) -> None:
    shown = readings([BUSY_UW if k in bursts else IDLE_UW for k in range(30)])
    assert usual_rise_uw(shown, ONE_SECOND) == 0
    assert frozen_ns(shown, ONE_SECOND, usual_rise_uw(shown, ONE_SECOND), STEP_UW) == 0


def test_a_sensor_that_shows_one_value_for_less_than_half_of_the_time_hides_no_rise() -> None:
    powers = list(ALIVE)
    powers[6:14] = [IDLE_UW] * 8
    shown = readings(powers)
    assert frozen_ns(shown, ONE_SECOND, usual_rise_uw(shown, ONE_SECOND), STEP_UW) >= 700 * MS


def test_without_idle_or_without_busy_readings_nothing_is_known_to_be_added() -> None:
    assert usual_rise_uw(readings(ALIVE)[10:20], ONE_SECOND) == 0
    assert usual_rise_uw(readings(ALIVE)[:10], ONE_SECOND) == 0
    assert usual_rise_uw([], ONE_SECOND) == 0


@given(st.lists(st.integers(0, 3), max_size=60), st.floats(0, 1e7))
def test_what_is_frozen_is_never_longer_than_what_was_read(levels: list[int], rise_uw: float) -> None:
    shown = readings([IDLE_UW + 1000 * level for level in levels])
    assert 0 <= frozen_ns(shown, ONE_SECOND, rise_uw, STEP_UW) <= len(levels) * 100 * MS
