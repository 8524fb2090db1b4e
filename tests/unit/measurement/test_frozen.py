"""A sensor that shows an old value, and rails that are merely quiet."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.inference.job import Inference
from edged.measurement.frozen import frozen_ns, usual_rise_uw
from edged.measurement.others import Others
from edged.measurement.windows import BusyTime
from edged.power.reading import Reading
from edged.sampling.conditions import Conditions

MS = 1_000_000
STEP_UW = 1_000.0
IDLE_UW, BUSY_UW = 100_000, 1_800_000
RISE_UW = float(BUSY_UW - IDLE_UW)
# Ten readings idle, ten busy, ten idle.
ONE_SECOND = BusyTime([Inference(1000 * MS, 2000 * MS, 0)])
ALIVE = [IDLE_UW] * 10 + [BUSY_UW] * 10 + [IDLE_UW] * 10


def readings(powers_uw: list[int]) -> list[Reading]:
    return [Reading(k * 100 * MS, (k + 1) * 100 * MS, power) for k, power in enumerate(powers_uw)]


def others(cpu: int, cpus: dict[int, float]) -> Others:
    """What others used of one CPU in which 100 ms; the worker, which is on CPU 7, is added."""
    samples = []
    for k in range(30):
        worked = 0.1 if 10 <= k < 20 else 0.0
        theirs = cpus.get(k, 0.0) / 10
        used = {cpu: theirs, 7: worked} if cpu != 7 else {7: min(0.1, worked + theirs)}
        samples.append(Conditions(k * 100 * MS, (k + 1) * 100 * MS, {}, {}, {}, {}, used))
    return Others(samples, (7,), ONE_SECOND)


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


@pytest.mark.parametrize("lasts", [range(13, 20), range(12, 19), range(13, 23)])
def test_others_who_are_busy_for_most_of_the_inferences_add_nothing_that_an_inference_does(
    lasts: range,
) -> None:
    shown = readings([BUSY_UW if k in lasts else IDLE_UW for k in range(30)])
    assert frozen_ns(shown, ONE_SECOND, usual_rise_uw(shown, ONE_SECOND), STEP_UW) > 0
    meanwhile = others(0, dict.fromkeys(lasts, 1.0))
    assert usual_rise_uw(shown, ONE_SECOND, meanwhile) == 0


def test_what_an_inference_adds_is_seen_beside_others_who_are_busy_now_and_then_and_not_always() -> None:
    burst = others(0, dict.fromkeys(range(13, 18), 1.0))
    powers = [power + (round(RISE_UW) if 13 <= k < 18 else 0) for k, power in enumerate(ALIVE)]
    assert usual_rise_uw(readings(powers), ONE_SECOND, burst) == RISE_UW
    always = others(0, dict.fromkeys(range(30), 0.5))
    assert usual_rise_uw(readings(ALIVE), ONE_SECOND, always) == 0


def test_others_who_leave_as_the_inferences_come_may_leave_the_power_as_it_was() -> None:
    # They kept the worker's own CPU busy: with the inference it is as busy as before.
    shown = readings([IDLE_UW] * 5 + [BUSY_UW] * 15 + [IDLE_UW] * 10)
    assert frozen_ns(shown, ONE_SECOND, math.inf, STEP_UW) == 1500 * MS
    for cpu in (0, 7):
        until_then = others(cpu, dict.fromkeys(range(5, 10), 0.9))
        assert frozen_ns(shown, ONE_SECOND, math.inf, STEP_UW, until_then) == 0


@pytest.mark.parametrize("busy", [range(12, 18), range(2, 6), range(20, 30)])
def test_one_value_is_frozen_where_others_were_not_busy_all_the_time_before_or_after(busy: range) -> None:
    meanwhile = others(0, dict.fromkeys(busy, 1.0))
    assert frozen_ns(readings([IDLE_UW] * 30), ONE_SECOND, math.inf, STEP_UW, meanwhile) == 3000 * MS


def test_one_value_is_frozen_where_others_could_not_have_made_up_for_the_inferences() -> None:
    shown = readings([IDLE_UW] * 5 + [BUSY_UW] * 15 + [IDLE_UW] * 10)
    little = others(0, dict.fromkeys(range(5, 10), 0.5))
    assert frozen_ns(shown, ONE_SECOND, math.inf, STEP_UW, little) == 1500 * MS


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
