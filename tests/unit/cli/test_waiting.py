"""What `edged run` says of a schedule that waits."""

from edged.cli.waiting import Waiting
from edged.schedule.state import Deferral, ScheduleState, Wait
from tests.unit.cli.showing import ON_BIG
from tests.unit.power.trees import SteppingClock


def waits(reason: Wait, words: str, since_ns: int = 0) -> ScheduleState:
    return ScheduleState(next_case=ON_BIG, deferral=Deferral(reason, words, since_ns))


def test_each_change_is_told_once_and_each_degree_is_not() -> None:
    clock, lines = SteppingClock(), list[str]()
    waiting = Waiting(lines.append, clock)
    waiting.scheduled(ScheduleState(next_case=ON_BIG))
    since_ns = clock.monotonic_ns()
    for now in ("71.0 °C", "71.0 °C", "70.5 °C"):
        waiting.scheduled(waits(Wait.HOT, f"too hot: {now}", since_ns))
    waiting.scheduled(waits(Wait.BUSY, "the board is busy", since_ns))
    clock.sleep(40.0)
    waiting.scheduled(ScheduleState(next_case=ON_BIG))
    waiting.scheduled(ScheduleState(next_case=ON_BIG))
    assert lines == [
        f"{ON_BIG} waits: too hot: 71.0 °C",
        f"{ON_BIG} waits: the board is busy",
        "goes on, after 40 s",
    ]


def test_every_wait_is_told_anew_and_has_a_time_of_its_own() -> None:
    clock, lines = SteppingClock(), list[str]()
    waiting = Waiting(lines.append, clock)
    for waited_s in (5.0, 120.0):
        waiting.scheduled(waits(Wait.DUTY, "its share is used up", clock.monotonic_ns()))
        clock.sleep(waited_s)
        waiting.scheduled(ScheduleState())
    assert [line for line in lines if line.startswith("goes on")] == [
        "goes on, after 5 s",
        "goes on, after 2 min",
    ]
    assert sum(" waits: " in line for line in lines) == 2
