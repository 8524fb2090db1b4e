import random
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.inference.job import Inference
from edged.measurement.baseline import Baseline
from edged.measurement.energy import rail_energy
from edged.measurement.rails import RailWatch
from edged.measurement.result import RailEnergy
from edged.measurement.sensor_facts import SensorFacts
from edged.measurement.verdict import Reason, Rejection
from edged.power.accuracy import Accuracy
from edged.power.conversions import Conversions
from edged.power.reading import Rail, Reading
from edged.sampling.rail_account import RailAccount
from edged.simulation.chip import ChipErrors
from tests.bench.trial import EXACT, Scenario, Trial, chip_facts, run_trial

MS = 1_000_000
PERFECT = SensorFacts(Accuracy(0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
BIG = Scenario(0.11, 1.8, 0.018, 56, 0.0, 1.5)
LITTLE = Scenario(0.10, 0.27, 0.070, 30, 0.0, 1.5)


def energy_of(trial: Trial, guard_s: float, facts: SensorFacts | None = None) -> RailEnergy:
    energy = rail_energy(trial.inferences, trial.readings, guard_s, facts or chip_facts())
    assert isinstance(energy, RailEnergy)
    return energy


def errors(scenario: Scenario, count: int, facts: SensorFacts | None = None) -> list[float]:
    found = []
    for seed in range(count):
        rng = random.Random(seed)
        trial = run_trial(replace(scenario, busy_w=scenario.busy_w * rng.uniform(0.9, 1.1)), rng)
        found.append(energy_of(trial, scenario.guard_s, facts).net_energy_j.value / trial.net_j - 1.0)
    return found


def steady(powers_uw: list[int], duration_ns: int, start_ns: int = 0) -> list[Reading]:
    return [
        Reading(start_ns + k * duration_ns, start_ns + (k + 1) * duration_ns, power_uw)
        for k, power_uw in enumerate(powers_uw)
    ]


def meter_readings(trial: Trial, duration_ns: int, until_ns: int) -> list[Reading]:
    return [
        Reading(at, at + duration_ns, round(trial.timeline.energy_fj(at, at + duration_ns) / duration_ns))
        for at in range(0, until_ns, duration_ns)
    ]


# What comes out when everything is known exactly


def test_net_energy_is_the_excess_over_the_idle_baseline() -> None:
    readings = steady([100_000] * 10 + [1_100_000] * 10 + [100_000] * 10, 100 * MS)
    energy = rail_energy([Inference(1000 * MS, 2000 * MS, 0)], readings, 1.0, PERFECT)
    assert isinstance(energy, RailEnergy)
    assert energy.net_energy_j.value == pytest.approx(1.0)
    assert energy.gross_energy_j.value == pytest.approx(1.1)
    assert energy.idle_power_w == pytest.approx(0.1)
    assert energy.coverage_ratio == 1.0
    assert energy.net_energy_j.u95 == pytest.approx(0.0, abs=1e-12)


def test_energy_that_a_reading_smears_into_a_pause_is_counted() -> None:
    # 20 ms at 1 W extra, across the border of two readings of 100 ms: 0.1 W extra in each.
    readings = steady([100_000] * 9 + [200_000, 200_000] + [100_000] * 9, 100 * MS)
    energy = rail_energy([Inference(990 * MS, 1010 * MS, 0)], readings, 0.9, PERFECT)
    assert isinstance(energy, RailEnergy)
    assert energy.net_energy_j.value == pytest.approx(0.020)


def test_a_rising_baseline_is_followed() -> None:
    idle = [100_000 + 1000 * k for k in range(30)]
    powers = [power + (1_000_000 if 10 <= k < 20 else 0) for k, power in enumerate(idle)]
    energy = rail_energy([Inference(1000 * MS, 2000 * MS, 0)], steady(powers, 100 * MS), 1.0, PERFECT)
    assert isinstance(energy, RailEnergy)
    assert energy.net_energy_j.value == pytest.approx(1.0)
    assert energy.idle_power_w == pytest.approx(0.1145)
    assert energy.components_j["drift"] > 0


def test_a_warm_up_and_the_loading_before_it_count_for_nothing() -> None:
    loading, warmup = [3_000_000] * 10, [2_000_000] * 5
    powers = loading + warmup + [100_000] * 10 + [1_100_000] * 5 + [100_000] * 10
    inferences = [Inference(1000 * MS, 1500 * MS, 0, warmup=True), Inference(2500 * MS, 3000 * MS, 0)]
    energy = rail_energy(inferences, steady(powers, 100 * MS), 1.0, PERFECT)
    assert isinstance(energy, RailEnergy)
    assert energy.net_energy_j.value == pytest.approx(0.5)
    assert energy.idle_power_w == pytest.approx(0.1)


def test_a_truncating_power_register_is_half_a_step_low_in_gross_energy_only() -> None:
    accuracy = Accuracy(0.0, 0.0, 0.0, 0.0, 1_000.0, 625.0)
    readings = [replace(r, voltage_uv=5_000_000, current_ua=0) for r in steady([100_000] * 30, 100 * MS)]
    energy = rail_energy([Inference(1000 * MS, 2000 * MS, 0)], readings, 1.0, SensorFacts(accuracy))
    assert isinstance(energy, RailEnergy)
    assert energy.net_energy_j.value == pytest.approx(0.0)
    assert energy.gross_energy_j.value == pytest.approx(0.1003125)


# Rejections


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ([], "nothing was read"),
        (steady([100_000] * 10 + [1_100_000] * 7, 100 * MS), "cover 70%"),
        (steady([1_100_000] * 12, 100 * MS, 900 * MS), "too few readings of the idle rail"),
    ],
)
def test_without_readings_enough_there_is_no_energy(readings: list[Reading], why: str) -> None:
    rejection = rail_energy([Inference(1000 * MS, 2000 * MS, 0)], readings, 1.0, PERFECT)
    assert isinstance(rejection, Rejection)
    assert rejection.reason is Reason.COVERAGE
    assert why in rejection.detail


def test_without_an_inference_that_counts_there_is_no_energy() -> None:
    readings = steady([100_000] * 30, 100 * MS)
    rejection = rail_energy([Inference(0, 10, 0, warmup=True)], readings, 1.0, PERFECT)
    assert isinstance(rejection, Rejection)


# Accuracy behind a simulated chip, on fixed seeds


@pytest.mark.parametrize(
    ("scenario", "limit"),
    [
        (BIG, 0.005),
        (replace(BIG, latency_s=0.24, runs=1), 0.01),
        (replace(BIG, runs=25, pause_s=0.4), 0.01),
        (replace(LITTLE, runs=72), 0.01),
        (replace(LITTLE, errors=ChipErrors(period_ratio=1.1)), 0.01),
        (replace(LITTLE, missed=0.02), 0.01),
    ],
)
def test_sampling_errors_stay_below_the_bar(scenario: Scenario, limit: float) -> None:
    found = errors(scenario, 20)
    assert max(map(abs, found)) < limit
    assert abs(fmean(found)) < limit / 2


def test_readings_placed_wrongly_by_less_than_a_conversion_are_put_right_by_the_ends_of_inferences() -> None:
    short = replace(BIG, runs=25, pause_s=0.2, timing_s=0.0006)
    told = max(map(abs, errors(short, 10, chip_facts(timing_s=0.0006))))
    not_told = max(map(abs, errors(short, 10, replace(chip_facts(), pair_ns=0))))
    assert told < 0.002 < not_told


def test_a_rail_that_sinks_under_load_is_not_read_too_high() -> None:
    short = replace(BIG, runs=25, pause_s=0.2, load_line_ohm=0.02)
    told = fmean(errors(short, 10))
    not_told = fmean(errors(short, 10, replace(chip_facts(), pair_ns=0)))
    assert abs(told) < 0.002
    assert not_told > 0.004


@pytest.mark.parametrize("duration_ns", [10 * MS, 200 * MS, 1000 * MS])
def test_meters_of_any_speed_give_the_same_energy(duration_ns: int) -> None:
    # 10 ms: SmartPower3 at its fastest; 1 s: a meter once a second, or RAPL differences.
    rng = random.Random(1)
    scenario = replace(LITTLE, runs=10, latency_s=0.2, pause_s=3.0, guard_s=5.0)
    trial = run_trial(scenario, rng)
    readings = meter_readings(trial, duration_ns, trial.inferences[-1].end_ns + 5_000 * MS)
    energy = energy_of(Trial(trial.inferences, readings, trial.timeline, 0.0, 0.0), 5.0, PERFECT)
    assert energy.net_energy_j.value == pytest.approx(trial.net_j, rel=1e-4)
    assert energy.gross_energy_j.value == pytest.approx(trial.gross_j, rel=1e-4)


# Uncertainty


def test_gain_and_shunt_are_parts_of_the_interval_as_their_data_sheet_limits() -> None:
    trial = run_trial(BIG, random.Random(1))
    accuracy = replace(EXACT, voltage_gain_ratio=0.005, current_gain_ratio=0.005, shunt_ratio=0.01)
    energy = energy_of(trial, BIG.guard_s, chip_facts(accuracy))
    net_j = energy.net_energy_j.value
    assert energy.components_j["gain"] == pytest.approx(net_j * 0.005 * (2 / 3) ** 0.5)
    assert energy.components_j["shunt"] == pytest.approx(net_j * 0.01 / 3**0.5)
    assert 0.013 < energy.net_energy_j.u95 / net_j < 0.015


def test_an_offset_counts_in_gross_energy_and_cancels_in_net() -> None:
    trial = run_trial(LITTLE, random.Random(1))
    plain = energy_of(trial, LITTLE.guard_s)
    offset = energy_of(trial, LITTLE.guard_s, chip_facts(replace(EXACT, offset_ua=5000.0)))
    assert offset.net_energy_j == plain.net_energy_j
    assert offset.gross_energy_j.u95 > plain.gross_energy_j.u95 + 0.5 * 0.005 * 0.07


def test_missed_averages_widen_the_interval() -> None:
    rng = random.Random(5)
    trial = run_trial(replace(LITTLE, power_jitter=0.02), rng)
    whole = energy_of(trial, LITTLE.guard_s)
    readings = [reading for reading in trial.readings if rng.random() > 0.05]
    gappy = energy_of(replace(trial, readings=readings), LITTLE.guard_s)
    assert gappy.coverage_ratio < 0.99 <= whole.coverage_ratio
    assert gappy.components_j["missed"] > whole.components_j["missed"]
    assert gappy.net_energy_j.u95 > whole.net_energy_j.u95


def test_inferences_that_differ_show_in_the_repeatability() -> None:
    scenario = replace(BIG, latency_s=0.1, runs=20, pause_s=0.3)
    alike = energy_of(run_trial(scenario, random.Random(1)), 1.5)
    unlike = energy_of(run_trial(replace(scenario, power_jitter=0.1), random.Random(1)), 1.5)
    spread_j = 0.1 * 1.69 * 0.1 / 20**0.5
    assert unlike.components_j["repeatability"] == pytest.approx(spread_j, rel=0.5)
    assert alike.components_j["repeatability"] < 0.05 * spread_j


def test_the_intervals_hold_the_truth_behind_a_driver_that_shows_slow_averages_late() -> None:
    """The vendor kernel's: conversions of 8.244 ms, fetched by a timer that does not know when they end."""
    pair_ns, averages = 16_488_000, 16
    late = Conversions(pair_ns, longest_lag_ns=averages * pair_ns)
    watch = RailWatch(RailAccount(Rail("big", "ina231", "ina231", "0x40"), 0), lambda: EXACT, lambda: late)
    held = 0
    for number in range(40):
        rng = random.Random(number)
        scenario = Scenario(
            *(0.11, 1.8, 0.24, 5, 2.0, 2.0),
            timing_s=-rng.uniform(0.0, late.longest_lag_ns / 1e9),
            errors=ChipErrors(period_ratio=8.244 / 1.1),
        )
        trial = run_trial(scenario, rng)
        net = energy_of(trial, scenario.guard_s, watch.facts()).net_energy_j
        held += abs(net.value - trial.net_j) <= net.u95
    assert held >= 36


def test_the_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    accuracy = replace(EXACT, voltage_gain_ratio=0.005, current_gain_ratio=0.005, shunt_ratio=0.01)
    held = 0
    for seed in range(100):
        rng = random.Random(seed)
        chip = ChipErrors(
            period_ratio=rng.uniform(0.9, 1.1),
            current_gain=(1 + rng.uniform(-0.005, 0.005)) * (1 + rng.uniform(-0.01, 0.01)),
            voltage_gain=1 + rng.uniform(-0.005, 0.005),
        )
        trial = run_trial(replace(LITTLE, runs=10, missed=0.02, drift_w=0.002, errors=chip), rng)
        net = energy_of(trial, LITTLE.guard_s, chip_facts(accuracy)).net_energy_j
        held += abs(net.value - trial.net_j) <= net.u95
    assert held >= 90


# Conservation

POWERS = st.lists(st.integers(-5_000, 10**7), min_size=30, max_size=30)


@given(POWERS, POWERS, st.integers(1, 10**9))
def test_net_energy_and_baseline_add_up_to_the_counters_exactly_on_one_rail_and_on_all(
    one: list[int], other: list[int], duration_ns: int
) -> None:
    total = counted = 0
    for powers_uw in (one, other):
        readings = steady(powers_uw, duration_ns)
        account = RailAccount(Rail("big", "sensor", "ina231", "0x40"), 0)
        for reading in readings:
            account.add(reading)
        counted += account.totals.energy_uw_ns
        baseline = Baseline([readings[:10], readings[20:]])
        # Two measurements share the time between them; what is neither's is idle and excess as well.
        for part in (readings[:15], readings[15:]):
            net = sum(baseline.excess_uwns(reading) for reading in part)
            idle = sum(
                baseline.power_uw((reading.start_ns + reading.end_ns) / 2) * duration_ns for reading in part
            )
            total += net + idle
    assert total == counted


@given(
    st.lists(st.integers(90_000, 110_000), min_size=10, max_size=10),
    st.lists(st.integers(500_000, 2_000_000), min_size=10, max_size=10),
    st.lists(st.integers(90_000, 110_000), min_size=10, max_size=10),
)
def test_net_energy_and_baseline_add_up_to_what_was_read(
    before: list[int], busy: list[int], after: list[int]
) -> None:
    readings = steady(before + busy + after, 100 * MS)
    energy = rail_energy([Inference(1000 * MS, 2000 * MS, 0)], readings, 1.0, PERFECT)
    assert isinstance(energy, RailEnergy)
    # The reading on either side touches the guard band: its excess over the baseline is net energy too.
    read_j = sum(reading.power_uw for reading in readings[9:21]) * 0.1e-6
    assert energy.net_energy_j.value + energy.idle_power_w * 1.2 == pytest.approx(read_j, abs=1e-6)


def test_energy_is_not_shifted_by_when_it_happened() -> None:
    trial = run_trial(BIG, random.Random(1))
    shift_ns = 10**17
    moved = replace(
        trial,
        inferences=[
            replace(i, start_ns=i.start_ns + shift_ns, end_ns=i.end_ns + shift_ns) for i in trial.inferences
        ],
        readings=[
            replace(r, start_ns=r.start_ns + shift_ns, end_ns=r.end_ns + shift_ns) for r in trial.readings
        ],
    )
    assert energy_of(moved, 1.5).net_energy_j.value == pytest.approx(
        energy_of(trial, 1.5).net_energy_j.value, rel=1e-4
    )
