"""When systemd's watchdog is fed, and when it is not."""

from dataclasses import dataclass, field

import pytest

from edged.daemon.health import Health, Vital, Watchdog
from edged.daemon.notify import Notifier
from tests.unit.daemon.clock import HandClock


@dataclass
class FakeThread:
    clock: HandClock
    alive: bool = True
    began_s: float | None = None

    def vital(self, name: str = "the thread of i2c-0") -> Vital:
        return Vital(name, lambda: self.alive, self.blocked_s)

    def blocked_s(self) -> float:
        return 0.0 if self.began_s is None else self.clock.at_s - self.began_s


@dataclass
class Watched:
    """A watchdog of 45 s over two fake threads."""

    clock: HandClock = field(default_factory=HandClock)
    started: bool = True
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.threads = [FakeThread(self.clock), FakeThread(self.clock)]
        health = Health(lambda: [thread.vital() for thread in self.threads], 45.0)
        notifier = Notifier(self.sent.append, self.clock)
        self.watchdog = Watchdog(
            health,
            lambda: self.started,
            notifier,
            status=lambda: "measuring",
            period_s=45.0,
            clock=self.clock,
        )

    def fed(self) -> bool:
        self.sent.clear()
        self.watchdog.step()
        return "WATCHDOG=1" in self.sent


def test_it_is_fed_while_all_threads_are_well() -> None:
    watched = Watched()
    assert all(watched.fed() for _ in range(5))


def test_ready_is_told_once_when_the_service_does_its_work() -> None:
    watched = Watched(started=False)
    assert not watched.fed()
    assert "READY=1" not in watched.sent
    watched.started = True
    assert watched.fed()
    assert watched.sent[0] == "READY=1"
    watched.fed()
    assert "READY=1" not in watched.sent


def test_it_is_fed_often_enough_for_a_short_watchdog() -> None:
    clock = HandClock()
    watchdog = Watchdog(
        Health(list, 2.0),
        lambda: True,
        Notifier(lambda _: None, clock),
        status=str,
        period_s=2.0,
        clock=clock,
    )
    assert (watchdog.step() - clock.monotonic_ns()) / 1e9 <= 1.0


@pytest.mark.parametrize("blocked_s", [5.0, 20.0, 89.0])
def test_a_sensor_that_blocks_for_a_while_restarts_nothing(blocked_s: float) -> None:
    watched = Watched()
    watched.threads[1].began_s = watched.clock.at_s
    watched.clock.at_s += blocked_s
    assert watched.fed()


def test_a_thread_that_never_comes_back_starves_it() -> None:
    watched = Watched()
    assert watched.fed()
    watched.threads[1].began_s = watched.clock.at_s
    watched.clock.at_s += 91.0
    assert not watched.fed()
    assert watched.sent == ["STATUS=not well: the thread of i2c-0 is stuck for 91 s"]


def test_a_thread_that_comes_back_in_time_feeds_it_again() -> None:
    watched = Watched()
    assert watched.fed()
    watched.threads[0].began_s = watched.clock.at_s
    watched.clock.at_s += 91.0
    assert not watched.fed()
    watched.threads[0].began_s = None
    assert watched.fed()


def test_a_thread_that_has_ended_starves_it() -> None:
    watched = Watched()
    assert watched.fed()
    watched.threads[0].alive = False
    assert not watched.fed()
    assert "the thread of i2c-0 has ended" in watched.sent[0]


def test_a_thread_that_began_later_starves_it_too() -> None:
    watched = Watched()
    assert watched.fed()
    watched.threads.append(FakeThread(watched.clock, alive=False))
    assert not watched.fed()


def test_an_illness_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched()
    watched.fed()
    watched.threads[0].alive = False
    for _ in range(3):
        watched.fed()
    (record,) = caplog.records
    assert getattr(record, "EDGED_EVENT", None) == "not_well"


def test_all_that_is_wrong_is_told_together() -> None:
    clock = HandClock()
    dead, stuck = FakeThread(clock, alive=False), FakeThread(clock, began_s=0.0)
    complaint = Health(lambda: [dead.vital("a"), stuck.vital("b")], 45.0, lambda: "c is off").complaint()
    assert complaint == "c is off; a has ended; b is stuck for 1000 s"
