"""Throttled time of a cluster, by the kernel's counters and by samples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.cooling import CoolingStatistics
from edged.board.parts import Board, CoolingDevice, CpuCluster, Identity
from edged.sampling.conditions import Conditions, ConditionsSampler
from edged.sampling.gauges import Gauges
from edged.sampling.throttling import Throttling
from edged.simulation.clock import VirtualClock

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
    end_s: float, state: int, *, fan: int = 0, cooled_s: float | None = None, start_s: float | None = None
) -> Conditions:
    start_s = end_s - 1 if start_s is None else start_s
    return Conditions(
        start_ns=round(start_s * SECOND),
        end_ns=round(end_s * SECOND),
        frequencies_hz={},
        limits_hz={"big": 1_500_000_000},
        temperatures_c={},
        cooling_states={"cpufreq-cpu4": state, "pwm-fan": fan},
        busy_s={},
        cooled_ns={} if cooled_s is None else {"cpufreq-cpu4": round(cooled_s * SECOND)},
    )


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


def test_the_kernel_s_counter_tells_what_no_sample_saw() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 0, cooled_s=0.0))
    throttling.add(a_sample(2, 0, cooled_s=0.25))
    totals = throttling.totals["big"]
    assert totals.throttled_ns == 0.25 * SECOND
    assert totals.events == 1
    assert totals.counted_by_kernel
    assert throttling.throttled_between("big", round(1.9 * SECOND), 3 * SECOND)
    assert not throttling.throttled_between("big", 0, round(0.9 * SECOND))


def test_throttling_that_paused_between_two_samples_began_again() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 1, cooled_s=1.0))
    throttling.add(a_sample(2, 1, cooled_s=0.6))
    assert throttling.totals["big"].events == 2


def test_a_device_that_cannot_be_read_changes_nothing() -> None:
    throttling = Throttling(BOARD)
    throttling.add(a_sample(1, 2))
    before = throttling.totals["big"]
    throttling.add(Conditions(SECOND, 2 * SECOND, {}, {}, {}, {}, {}))
    assert throttling.totals["big"] == before


def test_an_unknown_cluster_is_an_error() -> None:
    with pytest.raises(KeyError):
        Throttling(BOARD).throttled_between("mid", 0, 1)


@given(
    changes_ms=st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 18)), max_size=40),
    fast=st.booleans(),
)
def test_with_the_kernel_s_counters_not_a_millisecond_is_lost(
    changes_ms: list[tuple[int, int]], fast: bool
) -> None:
    clock = VirtualClock()
    states: list[tuple[int, int]] = [(0, 0)]  # since when, state
    for duration_ms, state in changes_ms:
        states.append((states[-1][0] + duration_ms * MS, state))

    def state_now() -> int:
        return next(state for since_ns, state in reversed(states) if since_ns <= clock.monotonic_ns())

    def time_in_state() -> CoolingStatistics:
        times: dict[int, int] = {}
        now_ns = clock.monotonic_ns()
        ends_ns = [since_ns for since_ns, _ in states[1:]] + [now_ns + 10**15]
        for (since_ns, state), end_ns in zip(states, ends_ns, strict=True):
            times[state] = times.get(state, 0) + max(0, min(end_ns, now_ns) - since_ns)
        return CoolingStatistics(times, 0)

    gauges = Gauges(
        frequencies_hz=dict,
        limits_hz=dict,
        temperatures_c=dict,
        cooling_states=lambda: {"cpufreq-cpu4": state_now()},
        cooling_statistics=lambda: {"cpufreq-cpu4": time_in_state()},
        busy_ns=dict,
        memory_frequency_hz=lambda: None,
    )
    throttling = Throttling(BOARD)
    sampler = ConditionsSampler(gauges, clock, listeners=[throttling.add])
    if fast:
        sampler.begin_fast()
    while clock.monotonic_ns() < states[-1][0] + SECOND:
        clock.run_until(sampler.step())
    sampler.sample()
    truth_ns = sum(t for state, t in time_in_state().time_in_state_ns.items() if state > 0)
    assert throttling.totals["big"].throttled_ns == truth_ns
    assert (throttling.totals["big"].events > 0) == (truth_ns > 0)
