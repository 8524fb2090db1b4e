"""Measurements as they come: a table on a terminal, lines elsewhere."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from rich.console import Console
from rich.live import Live

from edged.cli.live import Lines, LiveTable
from edged.measurement.result import Case
from edged.measurement.verdict import Reason
from tests.unit.cli.showing import ENERGY, ON_BIG, SMALL, measurement, rejected
from tests.unit.power.trees import SteppingClock

ON_LITTLE = Case(SMALL, "little")


class Running:
    """As much of a run as is shown of it."""

    def __init__(self, case: Case, progress_ratio: float) -> None:
        self.case = case
        self.progress_ratio = progress_ratio


class Screen:
    """A terminal that is looked at when the test wants to."""

    def __init__(
        self, cases: Sequence[Case] = (ON_BIG, ON_LITTLE), *, width: int = 100, height: int = 30
    ) -> None:
        self._width = width
        self._console = Console(file=io.StringIO(), width=width, height=height)
        self.clock = SteppingClock()
        self.live = Live(console=self._console, auto_refresh=False)
        self.table = LiveTable(cases, "a board", self.clock, self.live)

    def progress(self, case: Case, ratio: float, *, after_s: float) -> str:
        self.clock.sleep(after_s)
        self.table.running(cast("Any", Running(case, ratio)), [])
        return self.text()

    def text(self) -> str:
        console = Console(file=io.StringIO(), width=self._width)
        console.print(self.live.renderable)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_before_the_first_event_all_cases_are_to_come(screen: Screen) -> None:
    assert screen.text().count("to come") == 2


def test_the_case_under_way_its_number_and_the_time_left_are_shown(screen: Screen) -> None:
    screen.progress(ON_BIG, 0.1, after_s=1.0)
    text = screen.progress(ON_BIG, 0.5, after_s=4.0)
    assert "1 of 2  mobilenet_v1_0.25_224_quant@big" in text
    assert "running" in text
    assert "about 17 s left" in text  # 5 s are over, 6 s to go, and 11 s for the other


def test_a_result_fills_its_row_and_the_next_case_is_second(screen: Screen) -> None:
    screen.table.finished(measurement())
    text = screen.progress(ON_LITTLE, 0.0, after_s=1.0)
    assert "50.00" in text
    assert "2 of 2" in text


def test_in_the_end_only_the_table_is_left(screen: Screen) -> None:
    screen.progress(ON_BIG, 0.5, after_s=1.0)
    screen.table.rest()
    text = screen.text()
    assert " of 2" not in text
    assert "running" not in text


def many(number: int) -> list[Case]:
    return [Case(replace(SMALL, name=f"door_{each}"), "big") for each in range(number)]


@pytest.mark.parametrize(
    ("at", "first", "last"), [(0, "door_0", "door_13"), (9, "door_2", "door_15"), (15, "door_2", "door_15")]
)
def test_a_low_screen_shows_the_bar_and_the_cases_round_the_one_under_way(
    at: int, first: str, last: str
) -> None:
    cases = many(16)
    screen = Screen(cases, width=80, height=20)
    text = screen.progress(cases[at], 0.5, after_s=1.0)
    lines = text.splitlines()
    assert len(lines) <= 20
    assert f"door_{at}@big" in lines[0]
    rows = [line.split()[0] for line in lines if line.startswith(" door_")]
    assert (rows[0], rows[-1], len(rows)) == (first, last, 14)
    assert f" door_{at} " in text
    screen.table.rest()
    assert all(f" door_{each} " in screen.text() for each in range(16))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_bar_leaves_the_case_and_the_time_left_whole(width: int) -> None:
    case = Case(SMALL, "little")
    screen = Screen([case], width=width)
    screen.progress(case, 0.1, after_s=1.0)
    text = screen.progress(case, 0.5, after_s=4.0)
    assert f"1 of 1  {case}" in text
    assert "about 6 s left" in text


def test_a_case_that_is_no_longer_in_the_plan_is_shown_in_the_bar() -> None:
    screen = Screen(many(2))
    assert f"1 of 2  {ON_BIG}" in screen.progress(ON_BIG, 0.5, after_s=1.0)


def test_rejections_are_told_in_full_below_the_table(screen: Screen) -> None:
    screen.table.finished(rejected(Reason.THROTTLED))
    screen.table.finished(measurement(ON_LITTLE))
    assert list(screen.table.rejections()) == ["mobilenet_v1_0.25_224_quant@big: throttled: seen"]


def test_lines_tell_latency_energy_and_verdict() -> None:
    lines: list[str] = []
    watcher = Lines("a board", lines.append, simulated=False)
    watcher.finished(measurement(rails={"big": ENERGY}))
    title, line = lines
    assert title == "a board"
    assert re.split(" {2,}", line) == [
        "mobilenet_v1_0.25_224_quant@big",
        "20.00 ± 0.10 ms",
        "50.00 FPS",
        "big 30.0 ± 1.0 mJ",
        "valid",
    ]


def test_each_simulated_joule_in_a_line_says_so() -> None:
    lines: list[str] = []
    Lines("t", lines.append, simulated=True).finished(measurement(rails={"big": ENERGY, "mem": ENERGY}))
    assert lines[1].count("mJ (simulated)") == 2


def test_each_reason_has_a_line_of_its_own() -> None:
    lines: list[str] = []
    failed = rejected(Reason.WORKER_FAILED, Reason.COVERAGE, latency=None)
    Lines("t", lines.append, simulated=False).finished(failed)
    assert lines[1:] == [
        "mobilenet_v1_0.25_224_quant@big  rejected",
        "    worker_failed: seen",
        "    coverage: seen",
    ]
