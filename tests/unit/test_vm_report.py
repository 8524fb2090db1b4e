"""The report of the emulated board: what `make test-vm` prints of it, and when it is content."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.system.vm.report import Check, Tally


def line(check: str = "test_a_rail_is_found", outcome: str = "passed", detail: str = "") -> str:
    return json.dumps({"check": check, "outcome": outcome, "seconds": 1.25, "detail": detail})


def test_a_check_is_told_in_words() -> None:
    assert Check.parse(line()).lines() == "ok      a rail is found  [1.2 s]"


def test_parameters_stand_behind_the_words() -> None:
    assert Check.parse(line("test_a_fault_reaches_edged[EIO]")).name == "a fault reaches edged (EIO)"


def test_every_line_of_a_failure_stands_below_its_check() -> None:
    check = Check.parse(line(outcome="failed", detail="seen 1\nexpected 2"))
    assert check.lines().splitlines()[1:] == ["        seen 1", "        expected 2"]


@given(st.text())
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Check.parse(text)


@pytest.mark.parametrize("outcome", ["", "error", "PASSED"])
def test_an_unknown_outcome_is_refused(outcome: str) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Check.parse(line(outcome=outcome))


@pytest.mark.parametrize(
    ("outcomes", "text", "good"),
    [
        ([], "0 passed, 0 failed", False),
        (["passed", "skipped"], "1 passed, 0 failed", True),
        (["passed", "failed"], "1 passed, 1 failed", False),
        (["skipped"], "0 passed, 0 failed", False),
    ],
)
def test_it_is_good_if_something_passed_and_nothing_failed(
    outcomes: list[str], text: str, good: bool
) -> None:
    tally = Tally()
    for outcome in outcomes:
        tally.add(Check.parse(line(outcome=outcome)))
    assert (str(tally), tally.good) == (text, good)
