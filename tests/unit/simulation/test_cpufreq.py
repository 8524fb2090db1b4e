from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.cpufreq import Policy
from edged.simulation.opp import BIG_LADDER

SECOND = 1_000_000_000


def test_performance_runs_as_fast_as_cooling_allows() -> None:
    policy = Policy(BIG_LADDER, "performance", 0)
    assert policy.point.frequency_khz == 2_000_000
    assert policy.cool(SECOND, 2)
    assert policy.point.frequency_khz == policy.limit.frequency_khz == 1_800_000
    assert policy.cool(2 * SECOND, 0)
    assert policy.point.frequency_khz == 2_000_000
    assert policy.transitions == 2


def test_ondemand_jumps_to_the_limit_under_load_and_follows_it_below() -> None:
    policy = Policy(BIG_LADDER, "ondemand", 0)
    assert policy.point.frequency_khz == 200_000
    policy.judge(SECOND, 0.95)
    assert policy.point.frequency_khz == 2_000_000
    policy.judge(2 * SECOND, 0.5)
    assert policy.point.frequency_khz == 1_100_000
    policy.judge(3 * SECOND, 0.0)
    assert policy.point.frequency_khz == 200_000


def test_a_limit_does_not_wake_an_idle_ondemand_cluster() -> None:
    policy = Policy(BIG_LADDER, "ondemand", 0)
    assert not policy.cool(SECOND, 3)
    policy.judge(2 * SECOND, 1.0)
    assert policy.point.frequency_khz == 1_700_000


@given(
    st.sampled_from(["performance", "ondemand"]),
    st.lists(st.tuples(st.integers(0, SECOND), st.integers(0, 18), st.floats(0.0, 1.0))),
)
def test_time_in_state_sums_to_the_time_elapsed(
    governor: str, happenings: list[tuple[int, int, float]]
) -> None:
    policy = Policy(BIG_LADDER, governor, 0)
    now_ns = 0
    for later_ns, state, load in happenings:
        now_ns += later_ns
        policy.cool(now_ns, state)
        policy.judge(now_ns, load)
        assert policy.point.frequency_khz <= policy.limit.frequency_khz
    assert sum(policy.time_in_state_ns(now_ns + 5)) == now_ns + 5
