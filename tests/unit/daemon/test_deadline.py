"""The end of the process, however its threads do."""

import threading

import pytest

from edged.daemon.deadline import Process, end_at_deadline
from edged.daemon.notify import Notifier
from tests.unit.daemon.clock import HandClock

MAIN, JOURNAL, BUS = (
    threading.Thread(name=name) for name in ("MainThread", "sampling journal", "sampling i2c-0")
)


class EndedError(Exception):
    """Instead of the end of the process that tests."""


class FakeProcess:
    """A process whose threads are seen once at the beginning and after each wait."""

    def __init__(self, *looks: list[threading.Thread]) -> None:
        self._looks = iter(looks)
        self.waited_s = 0.0
        self.sent: list[str] = []

    def end(self) -> str:
        """What it says when it ends."""
        process = Process(lambda: next(self._looks), self._wait, self._end)
        with pytest.raises(EndedError) as ended:
            end_at_deadline(Notifier(self.sent.append, HandClock()), process)
        return str(ended.value)

    def _wait(self, for_s: float) -> None:
        self.waited_s += for_s

    def _end(self, words: str) -> None:
        raise EndedError(words)


def test_what_is_stuck_is_named_and_left_behind_before_systemd_kills() -> None:
    process = FakeProcess([MAIN, BUS], [MAIN, BUS])
    assert process.end() == (
        "edged: for 4 s nothing has ended of MainThread, sampling i2c-0: it ends without them\n"
    )
    assert process.waited_s < 5.0
    assert process.sent == []


def test_a_busy_machine_whose_threads_end_late_is_given_the_time_and_systemd_is_asked_for_it() -> None:
    process = FakeProcess([MAIN, JOURNAL, BUS], [MAIN, JOURNAL], [MAIN], [MAIN])
    assert "of MainThread:" in process.end()
    assert process.waited_s == 12.0
    assert process.sent == ["EXTEND_TIMEOUT_USEC=5000000"] * 2


def test_the_thread_that_watches_waits_for_all_but_itself() -> None:
    own = threading.current_thread()
    process = FakeProcess([own, BUS], [own, BUS])
    assert "of sampling i2c-0:" in process.end()
