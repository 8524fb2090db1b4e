"""The one line of `systemctl status`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.clock import NS_PER_S
from edged.daemon.status_line import status_line
from edged.measurement.result import Case
from edged.schedule.state import Deferral, Running, ScheduleState, Wait
from tests.unit.exposition.facts import ON_BIG, SMALL

ON_LITTLE = Case(SMALL, "little")
NOW_NS = 1000 * NS_PER_S


def _line(state: ScheduleState) -> str:
    return status_line(state, NOW_NS)


def _running(*cases: Case) -> tuple[Running, ...]:
    return tuple(Running(case, "paper", 0) for case in cases)


def test_it_says_what_is_measured_and_what_comes_next() -> None:
    state = ScheduleState(running=_running(ON_BIG), next_case=ON_LITTLE)
    assert _line(state) == f"measuring {ON_BIG}; next {ON_LITTLE}"


def test_it_says_all_that_is_measured_at_once() -> None:
    assert _line(ScheduleState(running=_running(ON_BIG, ON_LITTLE))) == f"measuring {ON_BIG} and {ON_LITTLE}"


def test_it_says_why_the_next_measurement_waits() -> None:
    state = ScheduleState(next_case=ON_BIG, deferral=Deferral(Wait.HOT, "81 degrees, 80 is the limit", 0))
    assert _line(state) == f"{ON_BIG} waits: 81 degrees, 80 is the limit"


def test_it_says_that_there_is_nothing_to_measure() -> None:
    assert _line(ScheduleState()) == "nothing to measure"


def test_it_makes_up_no_time_that_nobody_knows() -> None:
    assert _line(ScheduleState(next_case=ON_BIG)) == f"next {ON_BIG}"


@pytest.mark.parametrize(
    ("in_s", "words"),
    [
        *((-5, "less than a minute"), (0, "less than a minute"), (59, "less than a minute")),
        *((60, "1 min"), (600, "10 min"), (7199, "120 min"), (7200, "2 h"), (86_400, "24 h")),
    ],
)
def test_it_says_when_the_next_one_begins(in_s: float, words: str) -> None:
    state = ScheduleState(next_case=ON_BIG, next_ns=NOW_NS + int(in_s * NS_PER_S))
    assert _line(state) == f"next {ON_BIG} in {words}"


@given(in_s=st.floats(1, 30), later_s=st.floats(0, 1))
def test_it_does_not_change_all_the_time(in_s: float, later_s: float) -> None:
    state = ScheduleState(next_case=ON_BIG, next_ns=NOW_NS + int(in_s * NS_PER_S))
    assert status_line(state, NOW_NS) == status_line(state, NOW_NS + int(later_s * NS_PER_S))
