"""The board's state over time."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from edged.sampling.conditions import ConditionsSampler
from edged.sampling.gauges import Gauges
from edged.simulation.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Mapping

SECOND = 1_000_000_000


class Scripted:
    """Gauges that show what a test says."""

    def __init__(self) -> None:
        self.frequencies: Mapping[str, int] = {"little": 1_400_000_000}
        self.temperatures: Mapping[str, float] = {"cpu0-thermal": 48.0, "cpu1-thermal": 52.0}
        self.busy: Mapping[int, float] = {0: 100.0, 1: 200.0}

    def gauges(self) -> Gauges:
        return Gauges(
            frequencies_hz=lambda: self.frequencies,
            limits_hz=lambda: self.frequencies,
            temperatures_c=lambda: self.temperatures,
            cooling_states=lambda: {"pwm-fan": 1},
            busy_s=lambda: self.busy,
            memory_frequency_hz=lambda: 825_000_000,
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


def test_busy_time_is_that_of_the_interval() -> None:
    clock = VirtualClock()
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), clock)
    assert sampler.sample().busy_s == {}
    script.busy = {0: 100.75, 1: 200.0}
    clock.sleep(1.0)
    assert sampler.sample().busy_s == pytest.approx({0: 0.75, 1: 0.0})


def test_a_cpu_that_was_off_has_no_busy_time_for_its_first_interval() -> None:
    clock = VirtualClock()
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), clock)
    sampler.sample()
    script.busy = {0: 100.5, 1: 200.5, 4: 7.0}
    assert sampler.sample().busy_s == pytest.approx({0: 0.5, 1: 0.5})


def test_the_hottest_zone_counts() -> None:
    script = Scripted()
    sampler = ConditionsSampler(script.gauges(), VirtualClock())
    assert sampler.sample().hottest_c == 52.0
    script.temperatures = {}
    assert sampler.sample().hottest_c is None
