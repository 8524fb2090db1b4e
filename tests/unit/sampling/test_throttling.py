"""Throttled time of a cluster, by the kernel's counters and by samples."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.board.cooling import CoolingStatistics
from edged.board.parts import Board, CoolingDevice, CpuCluster, Identity
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import Throttling
from tests.bench.throttled_lives import Course, Kernel, lived

MS = 1_000_000
SECOND = 1000 * MS
BOARD = Board(
    identity=Identity("a board", (), "", "", ""),
    clusters=(CpuCluster("little", "Cortex-A7", (0,)), CpuCluster("big", "Cortex-A15", (4,))),
    cooling_devices=(
        CoolingDevice("pwm-fan", "sys/fan", 3),
        CoolingDevice("cpufreq-cpu4", "sys/cooling", 18, cpu_cluster="big", statistics=True),
    ),
)


def a_sample(
    end_s: float, state: int, *, fan: int = 0, counted: CoolingStatistics | None = None
) -> Conditions:
    start_s = end_s - 1
    return Conditions(
        start_ns=round(start_s * SECOND),
        end_ns=round(end_s * SECOND),
        frequencies_hz={},
        limits_hz={"big": 1_500_000_000},
        temperatures_c={},
        cooling_states={"cpufreq-cpu4": state, "pwm-fan": fan},
        busy_s={},
        cooling_statistics={} if counted is None else {"cpufreq-cpu4": counted},
    )


def counted(rest_s: float, cooled_s: float, transitions: int, state: int = 0) -> CoolingStatistics:
    """Counters of a device that was registered at 0 s, in state 0 and in state 1."""
    times_ns = {0: round(rest_s * SECOND), 1: round(cooled_s * SECOND)}
    return CoolingStatistics(times_ns, transitions, state)


def test_every_cluster_has_totals_from_the_start() -> None:
    totals = Throttling(BOARD).totals
    assert set(totals) == {"little", "big"}
    assert not totals["big"].throttled
    assert totals["big"].throttled_ns == totals["big"].events == 0


def test_a_fan_and_a_lowered_limit_are_not_throttling() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 0, fan=3))
    assert not throttling.totals["big"].throttled
    assert not throttling.throttled_between("big", 0, SECOND)


def test_sampled_state_counts_the_time_between_throttled_samples() -> None:
    throttling = Throttling(BOARD)
    for end_s, state in [(1, 0), (2, 1), (3, 4), (4, 0), (5, 0), (6, 1)]:
        throttling.add(a_sample(end_s, state))
    totals = throttling.totals["big"]
    assert totals.throttled_ns == 2.5 * SECOND  # half of each interval with one throttled end
    assert totals.events == 2
    assert totals.throttled
    assert not totals.counted_by_kernel
    assert throttling.totals["little"].throttled_ns == 0


def near(seconds: float) -> object:
    return pytest.approx(seconds * SECOND, abs=MS)


def test_the_kernel_s_counter_tells_what_no_sample_saw() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 0, counted=counted(1, 0, 0)))
    throttling.add(a_sample(2, 0, counted=counted(1.75, 0.25, 2)))
    totals = throttling.totals["big"]
    assert totals.throttled_ns == near(0.25)
    assert totals.events == 1
    assert totals.counted_by_kernel
    assert throttling.throttled_between("big", round(1.9 * SECOND), 3 * SECOND)
    assert not throttling.throttled_between("big", 0, round(0.9 * SECOND))


def test_throttling_that_paused_between_two_samples_began_again() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 1, counted=counted(0, 1, 1, state=1)))
    throttling.add(a_sample(2, 1, counted=counted(0.4, 1.6, 3, state=1)))
    assert throttling.totals["big"].events == 2


def test_time_at_the_highest_clock_is_not_throttled_where_only_cpufreq_counts() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 0))
    throttling.add(replace(a_sample(2, 2), at_top_ns={"big": 900 * MS}))
    assert throttling.totals["big"].throttled_ns == 100 * MS
    throttling.add(replace(a_sample(3, 2), at_top_ns={"big": 0}))
    assert throttling.totals["big"].throttled_ns == 1100 * MS


def test_a_restart_in_the_same_boot_counts_what_the_kernel_counted_meanwhile_once() -> None:
    first = Throttling(BOARD)
    first.add(a_sample(1, 0, counted=counted(1, 0, 0)))
    first.add(a_sample(2, 1, counted=counted(1.5, 0.5, 1, state=1)))
    kept = first.totals["big"]
    second = Throttling(BOARD)
    second.add(a_sample(100, 1, counted=counted(1.5, 98.5, 1, state=1)))
    second.resume(kept.marks, same_boot=True)
    second.add(a_sample(101, 0, counted=counted(2.5, 98.5, 2)))
    assert kept.throttled_ns + second.totals["big"].throttled_ns == near(98.5)
    assert kept.events + second.totals["big"].events == 1


def test_after_another_boot_its_own_counters_count_from_their_beginning() -> None:
    first = Throttling(BOARD)
    first.add(a_sample(5000, 0, counted=counted(4000, 1000, 8)))
    second = Throttling(BOARD)
    second.add(a_sample(60, 0, counted=counted(50, 10, 2)))
    second.resume(first.totals["big"].marks, same_boot=False)
    second.add(a_sample(61, 0, counted=counted(51, 10, 2)))
    assert second.totals["big"].throttled_ns == near(10)


def test_counters_of_before_the_first_life_are_nobody_s() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(5000, 0, counted=counted(4000, 1000, 8)))
    throttling.resume({}, same_boot=False)
    throttling.add(a_sample(5001, 0, counted=counted(4001, 1000, 8)))
    assert throttling.totals["big"].throttled_ns == 0


def test_counters_that_were_reset_lose_only_the_time_before_and_say_so() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(100, 0, counted=counted(60, 40, 9)))
    throttling.add(a_sample(101, 0, counted=counted(0.4, 0.2, 2)))  # reset at 100.4 s
    totals = throttling.totals["big"]
    assert totals.throttled_ns == near(0.2)
    assert totals.doubt_ns == pytest.approx(0.4 * SECOND, abs=2 * MS)


def test_a_device_that_comes_later_is_counted_from_its_coming() -> None:
    throttling = Throttling(BOARD)
    throttling.add(replace(a_sample(9, 0), cooling_states={"pwm-fan": 0}))
    throttling.add(a_sample(10, 1, counted=counted(0.2, 0.3, 1, state=1)))
    assert throttling.totals["big"].throttled_ns == near(0.3)


def test_of_two_devices_on_one_cluster_the_longest_counts_and_the_rest_is_doubt() -> None:
    device = BOARD.cooling_devices[1]
    throttling = Throttling(replace(BOARD, cooling_devices=(device, replace(device, name="idle"))))

    def sampled(end_s: int, one: CoolingStatistics, other: CoolingStatistics) -> None:
        counters = {"cpufreq-cpu4": one, "idle": other}
        throttling.add(replace(a_sample(end_s, one.state), cooling_statistics=counters))

    sampled(1, counted(1, 0, 0), counted(1, 0, 0))
    # Both end above 0: all of their time lies at the end, and so the longer has the shorter in it.
    sampled(2, counted(1.3, 0.7, 1, state=1), counted(1.6, 0.4, 1, state=1))
    assert throttling.totals["big"].throttled_ns == near(0.7)
    assert throttling.totals["big"].doubt_ns <= 2 * MS
    sampled(3, counted(1.5, 1.5, 3, state=1), counted(1.9, 1.1, 3, state=1))
    assert throttling.totals["big"].throttled_ns == near(1.5)
    assert throttling.totals["big"].doubt_ns == pytest.approx(0.2 * SECOND, abs=5 * MS)


def test_a_device_that_cannot_be_read_changes_nothing() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 2))
    before = throttling.totals["big"]
    throttling.add(Conditions(SECOND, 2 * SECOND, {}, {}, {}, {}, {}))
    assert throttling.totals["big"] == before


def test_an_unknown_cluster_is_an_error() -> None:
    with pytest.raises(KeyError):
        Throttling(BOARD).throttled_between("mid", 0, 1)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_with_the_kernel_s_counters_not_a_millisecond_is_lost_or_counted_twice(seed: int) -> None:
    outcome = lived(Random(seed), Kernel(), Course())
    assert abs(outcome.error_ns) <= MS
    assert outcome.doubt_ns == 0
    assert not outcome.fell


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), devices=st.integers(1, 2), resets=st.booleans())
def test_resets_or_reboots_and_a_second_device_cost_no_more_than_the_doubt_stated(
    seed: int, devices: int, resets: bool
) -> None:
    outcome = lived(Random(seed), Kernel(devices=devices), Course(reboots=not resets, resets=resets))
    assert abs(outcome.error_ns) <= outcome.doubt_ns + MS
    assert not outcome.fell


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), cpufreq=st.booleans())
def test_without_the_kernel_s_counters_no_counter_falls(seed: int, cpufreq: bool) -> None:
    kernel = Kernel(thermal_statistics=False, cpufreq_statistics=cpufreq)
    assert not lived(Random(seed), kernel, Course()).fell
