"""What a scrape tells of the board, its models and its sensors."""

from dataclasses import replace

import pytest
from prometheus_client.registry import CollectorRegistry

from edged.board.parts import Board, CpuCluster, Identity
from edged.clock import NS_PER_S
from edged.exposition.snapshot import ModelFacts, RailState, rail_state
from edged.power.reading import Rail, Reading
from edged.power.sensor import Failure, SensorError
from edged.sampling.conditions import Conditions
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import ThrottlingTotals
from tests.unit.exposition.conftest import Scrape
from tests.unit.exposition.facts import BOARD, OWN, SMALL, SNAPSHOT

RAIL = Rail("big", "ina231 12c60000.i2c 0x40", "ina231", "0x40", "Cortex-A15 CPUs")
SENSOR = {"sensor": RAIL.sensor}
CONDITIONS = Conditions(
    0,
    NS_PER_S,
    {"big": 1_900_000_000},
    {"big": 2_000_000_000},
    {"cpu0-thermal": 61.5},
    {"pwm-fan": 2, "cpufreq-cpu0": 0, "cpufreq-cpu4": 1},
    {},
    memory_frequency_hz=825_000_000,
)


def account() -> RailAccount:
    """2 W for 3 s, after 1 s without readings."""
    account = RailAccount(RAIL, 990 * NS_PER_S)
    account.add(Reading(991 * NS_PER_S, 994 * NS_PER_S, 2_000_000, 1_100_000, 1_820_000))
    account.read_ns = 5_000_000
    account.update_interval_s = 0.035
    return account


def edged_names(registry: CollectorRegistry) -> set[str]:
    return {
        sample.name
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name.startswith("edged_")
    }


def test_the_board_and_the_build_are_told(scrape: Scrape) -> None:
    registry = scrape(SNAPSHOT)
    build = {"version": "0.1.0", "revision": "", "python": "3.11.2"}
    engine = {"engine": "tflite-runtime", "engine_version": "2.14.0"}
    assert registry.get_sample_value("edged_build_info", {**build, **engine}) == 1
    board = {"model": "Hardkernel Odroid XU3", "soc": "Exynos 5422", "kernel": "6.6.75"}
    found = registry.get_sample_value(
        "edged_board_info", {**board, "power_source": "none", "simulated": "false"}
    )
    assert found == 1
    cluster = {"cpu_cluster": "big", "core": "Cortex-A15", "cpus": "4-5,7"}
    assert registry.get_sample_value("edged_cpu_cluster_info", cluster) == 1


def test_a_simulated_board_says_so_and_names_its_power_sources(scrape: Scrape) -> None:
    meter = RailState(
        replace(RAIL, name="board", chip="smartpower3"), None, account().totals, account().health()
    )
    registry = scrape(replace(SNAPSHOT, simulated=True, rails=(meter, rail_state(account()))))
    (board,) = (metric for metric in registry.collect() if metric.name == "edged_board")
    (sample,) = board.samples
    assert (sample.labels["simulated"], sample.labels["power_source"]) == ("true", "ina231+smartpower3")


def test_a_papers_model_without_a_file_has_its_published_size_and_no_info(scrape: Scrape) -> None:
    registry = scrape(replace(SNAPSHOT, models=(ModelFacts(SMALL, None), ModelFacts(OWN, None))))
    sizes = {
        sample.labels["model"]: sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "edged_model_size_bytes"
    }
    assert sizes == {SMALL.name: 497_264}
    assert "edged_model_info" not in edged_names(registry)


def test_models_are_told_and_a_missing_file_of_ones_own_has_no_size(scrape: Scrape) -> None:
    registry = scrape(SNAPSHOT)
    labels = {"model": SMALL.name, "alpha": "0.25", "precision": "int8"}
    info = {**labels, "sha256": "ab" * 32, "weights": "random"}
    assert registry.get_sample_value("edged_model_info", info) == 1
    assert registry.get_sample_value("edged_model_size_bytes", labels) == 497_264
    accuracy = {**labels, "source": "published"}
    assert registry.get_sample_value("edged_model_top1_accuracy_ratio", accuracy) == 0.482
    named = {sample.labels.get("model") for metric in registry.collect() for sample in metric.samples}
    assert "door" not in named


def test_clocks_temperatures_and_cooling_are_told(scrape: Scrape) -> None:
    registry = scrape(replace(SNAPSHOT, conditions=CONDITIONS))
    value = registry.get_sample_value
    assert value("edged_cpu_frequency_hertz", {"cpu_cluster": "big"}) == 1.9e9
    assert value("edged_cpu_frequency_hertz", {"cpu_cluster": "little"}) is None
    assert value("edged_cpu_frequency_limit_hertz", {"cpu_cluster": "big"}) == 2.0e9
    assert value("edged_cpu_frequency_max_hertz", {"cpu_cluster": "little"}) == 1.4e9
    assert value("edged_memory_frequency_hertz") == 825e6
    assert value("edged_temperature_celsius", {"thermal_zone": "cpu0-thermal"}) == 61.5
    trip = {"thermal_zone": "cpu0-thermal", "trip": "3", "action": "passive"}
    assert value("edged_trip_point_celsius", trip) == 70.0
    assert value("edged_cooling_state", {"cooling_device": "pwm-fan"}) == 2
    assert value("edged_cooling_max_state", {"cooling_device": "pwm-fan"}) == 3


def test_throttling_of_a_cluster_is_told_in_seconds_and_events(scrape: Scrape) -> None:
    totals = {"big": ThrottlingTotals(True, 1_500_000_000, 2, counted_by_kernel=True)}
    value = scrape(replace(SNAPSHOT, throttling=totals)).get_sample_value
    big, little = {"cpu_cluster": "big"}, {"cpu_cluster": "little"}
    assert (value("edged_throttled", big), value("edged_throttled", little)) == (1, 0)
    assert value("edged_throttled_seconds_total", big) == 1.5
    assert value("edged_throttle_events_total", big) == 2


def test_throttling_is_there_at_0_before_the_first_sample(scrape: Scrape) -> None:
    value = scrape(SNAPSHOT).get_sample_value
    for name in ("edged_throttled", "edged_throttled_seconds_total", "edged_throttle_events_total"):
        assert value(name, {"cpu_cluster": "big"}) == 0
    assert value("edged_cooling_state", {"cooling_device": "pwm-fan"}) is None


def test_a_cluster_that_nothing_limits_has_no_throttling_to_tell_of(scrape: Scrape) -> None:
    only_a_fan = replace(BOARD, cooling_devices=BOARD.cooling_devices[:1])
    totals = {"big": ThrottlingTotals()}
    names = edged_names(scrape(replace(SNAPSHOT, board=only_a_fan, throttling=totals)))
    assert not [name for name in names if "throttle" in name]


@pytest.mark.parametrize("by_kernel", [True, False])
def test_the_help_says_who_counted_throttled_time(scrape: Scrape, by_kernel: bool) -> None:
    totals = {name: ThrottlingTotals(counted_by_kernel=by_kernel) for name in ("big", "little")}
    metrics = {metric.name: metric for metric in scrape(replace(SNAPSHOT, throttling=totals)).collect()}
    said = metrics["edged_throttled_seconds"].documentation
    assert ("kernel's own counters" in said) == by_kernel
    assert ("samples" in said) != by_kernel


def test_bogus_temperatures_are_counted_from_0(scrape: Scrape) -> None:
    zone = {"thermal_zone": "cpu0-thermal"}
    name = "edged_temperature_rejected_total"
    assert scrape(SNAPSHOT).get_sample_value(name, zone) == 0
    bogus = replace(SNAPSHOT, rejected_temperatures={"cpu0-thermal": 3})
    assert scrape(bogus).get_sample_value(name, zone) == 3


def test_the_kernels_time_at_each_clock_is_told(scrape: Scrape) -> None:
    times = {"big": {200_000_000: 10_000_000, 2_000_000_000: 3 * NS_PER_S}}
    value = scrape(replace(SNAPSHOT, time_in_state_ns=times)).get_sample_value
    labels = {"cpu_cluster": "big", "frequency_hertz": "2000000000"}
    assert value("edged_cpu_frequency_seconds_total", labels) == 3.0


def test_power_and_energy_of_a_rail_are_told(scrape: Scrape) -> None:
    value = scrape(replace(SNAPSHOT, rails=(rail_state(account()),))).get_sample_value
    assert value("edged_rail_power_watts", {"rail": "big"}) == 2.0
    assert value("edged_rail_voltage_volts", {"rail": "big"}) == pytest.approx(1.1)
    assert value("edged_rail_current_amperes", {"rail": "big"}) == pytest.approx(1.82)
    assert value("edged_rail_energy_joules_total", {"rail": "big"}) == 6.0
    assert value("edged_rail_observed_seconds_total", {"rail": "big"}) == 3.0
    assert value("edged_rail_unobserved_seconds_total", {"rail": "big"}) == 1.0
    info = {"rail": "big", "chip": "ina231", "address": "0x40", "supplies": "Cortex-A15 CPUs", **SENSOR}
    assert value("edged_rail_info", info) == 1


def test_the_energy_counter_does_not_fall_with_an_idle_rail_that_reads_below_zero(scrape: Scrape) -> None:
    idle = account()
    idle.add(Reading(994 * NS_PER_S, 995 * NS_PER_S, -4_000))
    value = scrape(replace(SNAPSHOT, rails=(rail_state(idle),))).get_sample_value
    assert value("edged_rail_energy_joules_total", {"rail": "big"}) == 6.0
    assert value("edged_rail_power_watts", {"rail": "big"}) == -0.004


def test_a_sensor_is_told_with_the_wall_time_of_its_newest_reading(scrape: Scrape) -> None:
    value = scrape(replace(SNAPSHOT, rails=(rail_state(account()),))).get_sample_value
    assert value("edged_sensor_up", SENSOR) == 1
    assert value("edged_sensor_readings_total", SENSOR) == 1
    assert value("edged_sensor_read_failures_total", SENSOR) == 0
    assert value("edged_sensor_missed_updates_total", SENSOR) == 0
    assert value("edged_sensor_read_seconds_total", SENSOR) == 0.005
    assert value("edged_sensor_update_interval_seconds", SENSOR) == 0.035
    # The snapshot is of 1000 s on the monotonic clock, the reading of 994 s.
    assert value("edged_sensor_last_reading_timestamp_seconds", SENSOR) == SNAPSHOT.wall_s - 6


def test_a_failing_sensor_is_down_and_its_values_vanish_but_its_counters_stay(scrape: Scrape) -> None:
    failing = account()
    failing.fail(
        SensorError(RAIL, Failure.TRY_AGAIN, "no answer", where="i2c-0"), 995 * NS_PER_S, 996 * NS_PER_S
    )
    registry = scrape(replace(SNAPSHOT, rails=(rail_state(failing),)))
    assert registry.get_sample_value("edged_sensor_up", SENSOR) == 0
    assert registry.get_sample_value("edged_sensor_read_failures_total", SENSOR) == 1
    assert registry.get_sample_value("edged_rail_energy_joules_total", {"rail": "big"}) == 6.0
    gone = {"edged_rail_power_watts", "edged_rail_voltage_volts", "edged_rail_current_amperes"}
    assert not gone & edged_names(registry)
    assert "edged_sensor_update_interval_seconds" not in edged_names(registry)


def test_a_source_without_voltage_gives_no_voltage(scrape: Scrape) -> None:
    meter = RailAccount(RAIL, 0)
    meter.add(Reading(0, NS_PER_S, 5_000_000))
    names = edged_names(scrape(replace(SNAPSHOT, rails=(rail_state(meter),))))
    assert "edged_rail_power_watts" in names
    assert not {"edged_rail_voltage_volts", "edged_rail_current_amperes"} & names


def test_a_board_with_nothing_but_a_cpu_exports_nothing_that_it_has_not(scrape: Scrape) -> None:
    bare = Board(Identity("PC", (), "", "", ""), (CpuCluster("cpu", "", (0,)),))
    assert edged_names(scrape(replace(SNAPSHOT, board=bare, models=()))) == {
        "edged_build_info",
        "edged_board_info",
        "edged_cpu_cluster_info",
        "edged_measurements_deferred_total",
        "edged_clock_steps_total",
        "edged_worker_restarts_total",
        "edged_collector_duration_seconds",
    }


def test_joules_are_nowhere_on_a_board_without_power_sensors(scrape: Scrape) -> None:
    names = edged_names(scrape(replace(SNAPSHOT, board=BOARD, conditions=CONDITIONS)))
    assert not [name for name in names if "joules" in name or "rail" in name or "sensor" in name]
