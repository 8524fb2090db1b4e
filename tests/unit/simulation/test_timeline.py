import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.timeline import RailTimeline

STEPS = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, 10**7), st.integers(800_000, 1_400_000)), min_size=1
)


def timeline_of(steps: list[tuple[int, int, int]]) -> RailTimeline:
    timeline = RailTimeline(0, 100_000, 1_000_000)
    at_ns = 0
    for duration_ns, power_uw, voltage_uv in steps:
        at_ns += duration_ns
        timeline.append(at_ns, power_uw, voltage_uv)
    return timeline


def test_energy_is_power_times_time() -> None:
    timeline = RailTimeline(0, 100_000, 1_000_000)
    timeline.append(1_000_000_000, 1_800_000, 1_000_000)
    timeline.append(1_250_000_000, 100_000, 1_000_000)
    assert timeline.energy_j(0, 2_000_000_000) == pytest.approx(0.1 + 1.8 * 0.25 + 0.1 * 0.75, abs=1e-15)
    assert timeline.energy_fj(1_000_000_000, 1_250_000_000) == 1_800_000 * 250_000_000
    assert timeline.at(1_100_000_000).power_uw == 1_800_000


def test_the_first_step_reaches_back_and_the_last_one_forward() -> None:
    timeline = RailTimeline(1000, 5, 1)
    timeline.append(2000, 7, 1)
    assert timeline.energy_fj(0, 1000) == 5000
    assert timeline.energy_fj(2000, 1_000_002_000) == 7_000_000_000


def test_time_cannot_go_back() -> None:
    timeline = RailTimeline(1000, 5, 1)
    with pytest.raises(ValueError, match="cannot follow"):
        timeline.append(999, 7, 1)


def test_a_step_at_the_same_moment_replaces_the_one_before() -> None:
    timeline = RailTimeline(0, 5, 1)
    timeline.append(10, 7, 1)
    timeline.append(10, 9, 1)
    assert timeline.energy_fj(10, 11) == 9


@given(STEPS, st.lists(st.integers(-(10**9), 10**11), min_size=3, max_size=3).map(sorted))
def test_energy_of_two_neighbouring_intervals_adds_up_exactly(
    steps: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    timeline = timeline_of(steps)
    a, b, c = cuts
    assert timeline.energy_fj(a, b) + timeline.energy_fj(b, c) == timeline.energy_fj(a, c)


@given(STEPS, st.lists(st.integers(-(10**9), 10**11), min_size=2, max_size=2).map(sorted))
def test_the_segments_between_two_moments_are_gapless_and_carry_the_energy(
    steps: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    timeline = timeline_of(steps)
    start_ns, end_ns = cuts
    at_ns, energy_fj = start_ns, 0
    for segment in timeline.segments(start_ns, end_ns):
        assert segment.start_ns == at_ns
        at_ns = segment.end_ns
        energy_fj += segment.power_uw * (segment.end_ns - segment.start_ns)
    assert at_ns == end_ns
    assert energy_fj == timeline.energy_fj(start_ns, end_ns)
    whole = timeline.constant(start_ns, end_ns)
    if whole is not None:
        assert whole.power_uw * (end_ns - start_ns) == energy_fj


@given(STEPS, st.integers(0, 10**10))
def test_dropping_the_past_changes_nothing_after_it(steps: list[tuple[int, int, int]], at_ns: int) -> None:
    kept, dropped = timeline_of(steps), timeline_of(steps)
    dropped.drop_before(at_ns)
    assert dropped.energy_fj(at_ns, at_ns + 10**10) == kept.energy_fj(at_ns, at_ns + 10**10)
    assert list(dropped.segments(at_ns, 10**11)) == list(kept.segments(at_ns, 10**11))
