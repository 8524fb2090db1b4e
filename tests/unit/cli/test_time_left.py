"""How long a sweep still takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.cli.time_left import TimeLeft
from tests.unit.power.trees import SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


def run_a_case(left: TimeLeft, clock: SteppingClock, *, lead_s: float, busy_s: float, tail_s: float) -> None:
    clock.sleep(lead_s)
    for tenth in range(1, 11):
        clock.sleep(busy_s / 10)
        left.progressed(tenth / 10)
    clock.sleep(tail_s)
    left.finished()


def test_nothing_is_said_before_anything_is_known(clock: SteppingClock) -> None:
    left = TimeLeft(16, clock)
    assert left.seconds() is None
    left.progressed(0.0)
    clock.sleep(3.0)
    left.progressed(0.01)
    assert left.seconds() is None


def test_the_papers_protocol_is_told_soon_and_well(clock: SteppingClock) -> None:
    """2 s of guard, 100 inferences with pauses of 2 s, 2 s of guard; sixteen times."""
    left = TimeLeft(16, clock)
    clock.sleep(2.0)
    for run in range(1, 5):
        left.progressed(run / 100)
        clock.sleep(2.0)
    assert left.seconds() == pytest.approx(16 * 204.0 - 10.0, rel=0.02)


def test_finished_cases_tell_of_those_to_come(clock: SteppingClock) -> None:
    left = TimeLeft(4, clock)
    run_a_case(left, clock, lead_s=1.0, busy_s=5.0, tail_s=1.0)
    assert left.seconds() == pytest.approx(3 * 7.0)
    clock.sleep(3.0)
    assert left.seconds() == pytest.approx(3 * 7.0 - 3.0)


def test_time_runs_down_while_nothing_is_heard(clock: SteppingClock) -> None:
    left = TimeLeft(1, clock)
    clock.sleep(1.0)
    left.progressed(0.1)
    clock.sleep(1.0)
    left.progressed(0.3)
    told = []
    for _ in range(8):
        told.append(left.seconds())
        clock.sleep(1.0)
    assert told == pytest.approx([4.5, 3.5, 2.5, 1.5, 0.5, 0.0, 0.0, 0.0])


def test_a_second_sweep_begins_anew_with_what_the_first_has_shown(clock: SteppingClock) -> None:
    left = TimeLeft(2, clock)
    for _ in range(2):
        run_a_case(left, clock, lead_s=1.0, busy_s=5.0, tail_s=1.0)
    assert left.seconds() == pytest.approx(2 * 7.0)


@given(
    cases=st.integers(1, 20),
    steps=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), max_size=30),
)
def test_it_is_never_negative_whatever_the_progress(cases: int, steps: list[tuple[float, float]]) -> None:
    clock = SteppingClock()
    left = TimeLeft(cases, clock)
    for pause_s, ratio in steps:
        clock.sleep(pause_s)
        left.progressed(ratio)
        if ratio == 1:
            left.finished()
        seconds = left.seconds()
        assert seconds is None or seconds >= 0
