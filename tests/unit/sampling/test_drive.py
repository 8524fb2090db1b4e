"""What calls the steps."""

import threading
import time
from typing import TYPE_CHECKING

import pytest

from edged.clock import SystemClock
from edged.sampling.drive import CallbackDrive, Pace, ThreadDrive
from edged.simulation.clock import VirtualClock

if TYPE_CHECKING:
    from edged.clock import Clock

SECOND = 1_000_000_000
LONG_S = 20.0  # a limit that only a broken drive reaches


class CountingSampler:
    """Steps at a given interval, and says when it stepped."""

    name = "counting"

    def __init__(self, clock: "Clock", interval_ns: int) -> None:
        self.steps: list[int] = []
        self.stepped = threading.Semaphore(0)
        self.fast = False
        self.closed = threading.Event()
        self.asleep_s = 0.0
        self.clock = clock
        self.interval_ns = interval_ns

    def step(self) -> int:
        self.steps.append(self.clock.monotonic_ns())
        self.stepped.release()
        if self.asleep_s:
            self.clock.sleep(self.asleep_s)
        return self.clock.monotonic_ns() + self.interval_ns

    def begin_fast(self) -> None:
        self.fast = True

    def end_fast(self) -> None:
        self.fast = False

    def close(self) -> None:
        self.closed.set()


def test_a_thread_steps_until_it_is_stopped_and_closes_the_sampler() -> None:
    sampler = CountingSampler(SystemClock(), 1000)
    drive = ThreadDrive(sampler, SystemClock())
    drive.start()
    for _ in range(3):
        assert sampler.stepped.acquire(timeout=LONG_S)
    assert drive.alive
    assert drive.stop()
    assert sampler.closed.is_set()
    assert not drive.alive


def test_a_nudge_wakes_a_thread_that_waits_for_long() -> None:
    sampler = CountingSampler(SystemClock(), 3600 * SECOND)
    drive = ThreadDrive(sampler, SystemClock())
    drive.start()
    assert sampler.stepped.acquire(timeout=LONG_S)
    Pace([drive]).begin_fast()
    assert sampler.stepped.acquire(timeout=LONG_S)
    assert sampler.fast
    assert drive.stop()


def test_a_blocked_read_does_not_hold_up_a_stop_and_shows_in_the_heartbeat() -> None:
    blocked, release = threading.Event(), threading.Event()

    class Blocking(CountingSampler):
        def step(self) -> int:
            blocked.set()
            release.wait(LONG_S)
            return super().step()

    drive = ThreadDrive(Blocking(SystemClock(), 1000), SystemClock())
    drive.start()
    assert blocked.wait(LONG_S)
    assert drive.blocked_s() > 0
    before_s = time.monotonic()
    assert not drive.stop()
    assert time.monotonic() - before_s < LONG_S / 2
    release.set()


def test_a_step_that_raises_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(CountingSampler):
        def step(self) -> int:
            self.stepped.release()
            raise ValueError("a fault in our own code")

    sampler = Broken(SystemClock(), 1000)
    drive = ThreadDrive(sampler, SystemClock())
    drive.start()
    assert sampler.stepped.acquire(timeout=LONG_S)
    drive.nudge()
    assert sampler.stepped.acquire(timeout=LONG_S)
    assert drive.stop()
    assert "a step of counting failed" in caplog.text


def test_in_virtual_time_steps_come_when_they_are_due() -> None:
    clock = VirtualClock()
    sampler = CountingSampler(clock, SECOND)
    drive = CallbackDrive(sampler, clock, clock.call_at)
    drive.start()
    clock.sleep(3.5)
    assert sampler.steps == [0, SECOND, 2 * SECOND, 3 * SECOND]
    assert drive.stop()
    clock.sleep(5)
    assert len(sampler.steps) == 4
    assert sampler.closed.is_set()


def test_in_virtual_time_a_nudge_moves_the_next_step_to_now() -> None:
    clock = VirtualClock()
    sampler = CountingSampler(clock, 10 * SECOND)
    drive = CallbackDrive(sampler, clock, clock.call_at)
    drive.start()
    clock.sleep(3)
    Pace([drive]).end_fast()
    clock.sleep(8)
    assert sampler.steps == [0, 3 * SECOND]
    clock.sleep(3)
    assert sampler.steps == [0, 3 * SECOND, 13 * SECOND]


def test_steps_that_take_time_never_overlap() -> None:
    clock = VirtualClock()
    sampler = CountingSampler(clock, SECOND)
    sampler.asleep_s = 2.0
    drive = CallbackDrive(sampler, clock, clock.call_at)
    drive.start()
    clock.call_at(SECOND, drive.nudge)
    clock.sleep(10)
    assert sampler.steps == [0, 2 * SECOND, 5 * SECOND, 8 * SECOND]
