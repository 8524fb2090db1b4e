"""The board's state over time."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from edged.board.cooling import CoolingStatistics
from edged.board.parts import Board, CoolingDevice, CpuCluster, Identity, MemoryController, ThermalZone
from edged.board.sysfs import Sysfs
from edged.config.sections import MeasureSection
from edged.measurement.protocol import PAPER
from edged.sampling.conditions import FAST_HZ, TRACE_CAPACITY, Conditions, ConditionsSampler
from edged.sampling.gauges import Gauges, board_gauges
from edged.simulation.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECOND = 1_000_000_000
MS = 1_000_000


class Scripted:
    """Gauges that show what a test says."""

    def __init__(self) -> None:
        self.frequencies: Mapping[str, int] = {"little": 1_400_000_000}
        self.temperatures: Mapping[str, float] = {"cpu0-thermal": 48.0, "cpu1-thermal": 52.0}
        self.busy: Mapping[int, int] = {0: 100 * SECOND, 1: 200 * SECOND}
        self.cooling: Mapping[str, CoolingStatistics] = {}
        self.at_top: Mapping[str, int] = {}

    def gauges(self) -> Gauges:
        return Gauges(
            frequencies_hz=lambda: self.frequencies,
            limits_hz=lambda: self.frequencies,
            temperatures_c=lambda: self.temperatures,
            cooling_states=lambda: {"pwm-fan": 1},
            cooling_statistics=lambda: self.cooling,
            busy_ns=lambda: self.busy,
            memory_frequency_hz=lambda: 825_000_000,
            at_top_ns=lambda: self.at_top,
        )


def run(sampler: ConditionsSampler, clock: VirtualClock, until_ns: int) -> None:
    due_ns = sampler.step()
    while due_ns <= until_ns:
        clock.run_until(due_ns)
        due_ns = sampler.step()


def test_samples_cover_time_without_gap_or_overlap() -> None:
    clock = VirtualClock(5 * SECOND)
    sampler = ConditionsSampler(Scripted().gauges(), clock)
    run(sampler, clock, 9 * SECOND)
    samples = list(sampler.trace)
    assert len(samples) == 5
    assert all(after.start_ns == before.end_ns for before, after in pairwise(samples))


def test_a_measurement_is_sampled_four_times_as_often() -> None:
    clock = VirtualClock()
    sampler = ConditionsSampler(Scripted().gauges(), clock)
    sampler.begin_fast()
    run(sampler, clock, 2 * SECOND)
    assert len(sampler.trace) == 9
    sampler.end_fast()
    run(sampler, clock, 4 * SECOND)
    assert len(sampler.trace) == 11


def test_a_step_before_its_time_samples_nothing() -> None:
    clock = VirtualClock()
    sampler = ConditionsSampler(Scripted().gauges(), clock)
    assert sampler.step() == SECOND
    assert sampler.step() == SECOND
    assert len(sampler.trace) == 1


def test_reads_that_take_time_have_no_step_come_too_early() -> None:
    clock = VirtualClock()
    script = Scripted()

    def slowly() -> "Mapping[int, int]":
        clock.sleep(0.002)
        return script.busy

    sampler = ConditionsSampler(replace(script.gauges(), busy_ns=slowly), clock)
    for number in range(1, 5):
        clock.run_until(sampler.step())
        assert len(sampler.trace) == number


def test_busy_time_is_that_of_the_interval() -> None:
    clock = VirtualClock()
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), clock)
    assert sampler.sample().busy_s == {}
    script.busy = {0: 100 * SECOND + 750 * MS, 1: 200 * SECOND}
    clock.sleep(1.0)
    assert sampler.sample().busy_s == pytest.approx({0: 0.75, 1: 0.0})


def test_a_cpu_that_was_off_has_no_busy_time_for_its_first_interval() -> None:
    clock = VirtualClock()
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), clock)
    sampler.sample()
    script.busy = {0: 100 * SECOND + 500 * MS, 1: 200 * SECOND + 500 * MS, 4: 7 * SECOND}
    assert sampler.sample().busy_s == pytest.approx({0: 0.5, 1: 0.5})


def test_the_hottest_zone_counts() -> None:
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), VirtualClock())
    assert sampler.sample().hottest_c == 52.0
    script.temperatures = {}
    assert sampler.sample().hottest_c is None


def test_time_at_the_highest_clock_is_that_of_the_interval_even_when_the_counter_was_reset() -> None:
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), VirtualClock())
    grown = []
    for total_ns in (9 * SECOND, 11 * SECOND, 500 * MS):
        script.at_top = {"big": total_ns}
        grown.append(sampler.sample().at_top_ns)
    assert grown == [{}, {"big": 2 * SECOND}, {"big": 500 * MS}]


def test_a_sample_is_in_the_trace_once_all_listeners_have_it_and_without_the_kernel_s_counters() -> None:
    script = Scripted()
    script.cooling = {"cpufreq-cpu4": CoolingStatistics({0: 10 * MS}, 0, 0)}
    heard: list[tuple[int, Mapping[str, CoolingStatistics]]] = []

    def hear(conditions: Conditions) -> None:
        heard.append((len(sampler.trace), conditions.cooling_statistics))

    sampler = ConditionsSampler(script.gauges(), VirtualClock(), listeners=[hear])
    sampler.sample()
    assert heard == [(0, script.cooling)]
    assert [sample.cooling_statistics for sample in sampler.trace] == [{}]


def test_the_trace_covers_a_measurement_that_ends_at_the_default_time_limit() -> None:
    assert MeasureSection().time_limit_s + 2 * PAPER.guard_s < TRACE_CAPACITY / FAST_HZ


def test_bogus_temperatures_are_left_out_and_counted() -> None:
    clock = VirtualClock()
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), clock)
    sampler.sample()
    assert sampler.rejected_temperatures == {}
    for bogus_c, so_far in ((254.0, 1), (125.0, 2), (100.0, 3)):  # the last one only jumps
        clock.sleep(0.25)
        script.temperatures = {"cpu0-thermal": 48.0, "cpu1-thermal": bogus_c}
        assert sampler.sample().temperatures_c == {"cpu0-thermal": 48.0}
        assert sampler.rejected_temperatures == {"cpu1-thermal": so_far}


def test_listeners_get_every_sample() -> None:
    heard: list[int] = []
    clock = VirtualClock()
    sampler = ConditionsSampler(
        Scripted().gauges(), clock, listeners=[lambda conditions: heard.append(conditions.end_ns)]
    )
    run(sampler, clock, 2 * SECOND)
    assert heard == [0, SECOND, 2 * SECOND]


def test_a_board_s_gauges_leave_out_what_cannot_be_read(tmp_path: "Path") -> None:
    board = Board(
        identity=Identity("a board", (), "", "", ""),
        clusters=(
            CpuCluster("little", "Cortex-A7", (0, 1), policy="sys/policy0"),
            CpuCluster("big", "Cortex-A15", (4, 5), policy="sys/policy4"),
            CpuCluster("odd", "", (6,)),
        ),
        thermal_zones=(ThermalZone("cpu0-thermal", "sys/tz0"), ThermalZone("cpu1-thermal", "sys/tz1")),
        cooling_devices=(
            CoolingDevice("pwm-fan", "sys/cooling_device0", 3, statistics=True),
            CoolingDevice("cpufreq-cpu4", "sys/cooling_device1", 18, cpu_cluster="big", statistics=True),
        ),
        memory=MemoryController("dmc", "sys/dmc"),
    )
    files = {
        "sys/policy0/scaling_cur_freq": "1400000\n",
        "sys/policy0/scaling_max_freq": "1400000\n",
        "sys/policy4/scaling_cur_freq": "<unknown>\n",
        "sys/policy4/scaling_max_freq": "1800000\n",
        "sys/tz0": "48000\n",
        "sys/tz1": "",
        "sys/cooling_device0/cur_state": "2\n",
        "sys/cooling_device1/cur_state": "1\n",
        "sys/cooling_device1/stats/time_in_state_ms": "state0\t10\nstate1\t20\n",
        "sys/cooling_device1/stats/total_trans": "1\n",
        "sys/dmc/cur_freq": "825000000\n",
        "proc/stat": "cpu  5 0 5 90 0 0 0 0 0 0\ncpu0 2 0 3 95 0 0 0 0 0 0\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    gauges = board_gauges(board, Sysfs(tmp_path))
    assert gauges.frequencies_hz() == {"little": 1_400_000_000}
    assert gauges.limits_hz() == {"little": 1_400_000_000, "big": 1_800_000_000}
    assert gauges.temperatures_c() == {"cpu0-thermal": 48.0}
    assert gauges.cooling_states() == {"pwm-fan": 2, "cpufreq-cpu4": 1}
    assert gauges.cooling_statistics() == {"cpufreq-cpu4": CoolingStatistics({0: 10 * MS, 1: 20 * MS}, 1, 1)}
    assert gauges.busy_ns() == {0: 50 * MS}
    assert gauges.memory_frequency_hz() == 825_000_000
    (tmp_path / "proc/stat").unlink()
    (tmp_path / "sys/dmc/cur_freq").unlink()
    assert gauges.busy_ns() == {}
    assert gauges.memory_frequency_hz() is None
