"""Whether devices may have changed, by events and by looking."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from edged.assembly.following import Follower
from edged.board.discover import discover
from edged.board.hotplug import UdevEvents, devices_now
from edged.board.parts import Board
from edged.board.sysfs import Sysfs
from edged.simulation.clock import VirtualClock

SECOND = 1_000_000_000


class Events:
    """A monitor that has these events."""

    def __init__(self, events: Iterator[object]) -> None:
        self.events = events
        self.polled = 0

    def poll(self, timeout: float | None = None) -> object:
        del timeout
        self.polled += 1
        event = next(self.events, None)
        if isinstance(event, OSError):
            raise event
        return event


def a_board(root: Path) -> Sysfs:
    (root / "sys/devices/i2c-0/0-0040/hwmon/hwmon0").mkdir(parents=True)
    (root / "sys/class/hwmon").mkdir(parents=True)
    (root / "sys/class/hwmon/hwmon0").symlink_to("../../devices/i2c-0/0-0040/hwmon/hwmon0")
    return Sysfs(root)


def test_a_device_that_changes_its_number_is_a_change(tmp_path: Path) -> None:
    sysfs = a_board(tmp_path)
    before = devices_now(sysfs)
    assert devices_now(sysfs) == before
    (tmp_path / "sys/class/hwmon/hwmon0").rename(tmp_path / "sys/class/hwmon/hwmon1")
    assert devices_now(sysfs) != before


def test_terminals_that_are_no_devices_do_not_count(tmp_path: Path) -> None:
    sysfs = a_board(tmp_path)
    before = devices_now(sysfs)
    (tmp_path / "sys/class/tty/tty7").mkdir(parents=True)
    assert devices_now(sysfs) == before
    (tmp_path / "sys/class/tty/ttyUSB0").mkdir()
    assert devices_now(sysfs) != before


def test_nothing_heard_is_nothing_changed() -> None:
    assert not UdevEvents(Events(iter([]))).heard(0)


def test_more_events_than_the_socket_holds_are_a_change() -> None:
    assert UdevEvents(Events(iter([OSError(105, "No buffer space available")]))).heard(0)


def followers(root: Path, events: Events | None) -> tuple[Follower, VirtualClock, list[Board]]:
    sysfs, clock, heard = Sysfs(root), VirtualClock(), list[Board]()
    listening = None if events is None else UdevEvents(events)
    return Follower(sysfs, discover(sysfs), clock, heard.append, listening), clock, heard


def test_without_events_a_change_is_found_within_ten_seconds(tmp_path: Path) -> None:
    a_board(tmp_path)
    follower, clock, heard = followers(tmp_path, None)
    (tmp_path / "sys/class/hwmon/hwmon0").unlink()
    for _ in range(3):
        clock.run_until(follower.step())
    assert len(heard) == 1
    assert clock.monotonic_ns() <= 30 * SECOND


def test_a_flood_of_events_is_looked_into_once_a_second(tmp_path: Path) -> None:
    a_board(tmp_path)
    events = Events(repeat(object()))
    follower, clock, heard = followers(tmp_path, events)
    looks = 0
    while clock.monotonic_ns() < 20 * SECOND:
        (tmp_path / "sys/class/hwmon/hwmon0").rename(tmp_path / "sys/class/hwmon/hwmonX")
        (tmp_path / "sys/class/hwmon/hwmonX").rename(tmp_path / f"sys/class/hwmon/hwmon{looks + 1}")
        (tmp_path / f"sys/class/hwmon/hwmon{looks + 1}").rename(tmp_path / "sys/class/hwmon/hwmon0")
        looks += 1
        clock.run_until(max(follower.step(), clock.monotonic_ns() + 1))
    assert looks < 50
    assert events.polled <= 64 * looks
    assert heard == []


def test_an_event_has_the_board_discovered_anew(tmp_path: Path) -> None:
    a_board(tmp_path)
    follower, clock, heard = followers(tmp_path, Events(iter([None, object()])))
    (tmp_path / "sys/class/thermal/thermal_zone0").mkdir(parents=True)
    (tmp_path / "sys/class/thermal/thermal_zone0/type").write_text("cpu0-thermal\n")
    (tmp_path / "sys/class/thermal/thermal_zone0/temp").write_text("45000\n")
    for _ in range(4):
        clock.run_until(follower.step() + SECOND)
    assert [zone.name for zone in heard[-1].thermal_zones] == ["cpu0-thermal"]
    assert follower.board is heard[-1]
