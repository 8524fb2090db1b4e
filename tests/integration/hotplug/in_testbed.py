"""Run by umockdev-wrapper, with the system's Python: what edged hears and finds on a mocked /sys.

The mock replaces /sys for the whole process, with the real libudev on it. Prints one line for each check.
"""

import gi

gi.require_version("UMockdev", "1.0")
from collections.abc import Callable  # noqa: E402

from gi.repository import UMockdev  # noqa: E402

from edged.assembly.following import Follower  # noqa: E402
from edged.board.discover import discover  # noqa: E402
from edged.board.hotplug import udev_events  # noqa: E402
from edged.board.parts import Board  # noqa: E402
from edged.board.sysfs import Sysfs  # noqa: E402
from edged.clock import SystemClock  # noqa: E402

_FILES = {
    "name": "ina231",
    "curr1_input": "360",
    "in1_input": "913",
    "power1_input": "325000",
    "shunt_resistor": "10000",
    "update_interval": "35",
}
_ATTRIBUTES = [text for name, value in _FILES.items() for text in (name, f"{value}\n")]


def plug(testbed: UMockdev.Testbed, number: int, address: str) -> str:
    """A chip as the kernel shows it: an I2C client, and a hwmon device below it."""
    client = testbed.add_device("i2c", f"0-{address}", "/sys/devices/i2c-0", ["name", "ina231\n"], [])
    return str(testbed.add_device("hwmon", f"hwmon/hwmon{number}", client, _ATTRIBUTES, []))


def unplug(testbed: UMockdev.Testbed, hwmon: str) -> None:
    """Take the hwmon device and its client away, with the events of both."""
    client = hwmon.rsplit("/hwmon/", 1)[0]
    for device in (hwmon, client):
        testbed.uevent(device, "remove")
        testbed.remove_device(device)


def main() -> None:
    """Plug, unplug and renumber chips."""
    testbed = UMockdev.Testbed.new()
    testbed.add_device("i2c", "i2c-0", None, ["name", "a bus\n"], [])
    first = plug(testbed, 0, "0040")
    events = udev_events()
    print("heard by udev:", events is not None)
    sysfs = Sysfs()
    heard: list[Board] = []
    follower = Follower(sysfs, discover(sysfs), SystemClock(), heard.append, events)
    chips(follower.board, "at first")
    second = plug(testbed, 1, "0041")
    until(follower, lambda: len(follower.board.sensor_chips) == 2)
    chips(follower.board, "one came")
    unplug(testbed, first)
    until(follower, lambda: len(follower.board.sensor_chips) == 1)
    chips(follower.board, "one went")
    unplug(testbed, second)
    plug(testbed, 0, "0041")
    plug(testbed, 1, "0040")
    until(follower, lambda: len(follower.board.sensor_chips) == 2)
    chips(follower.board, "back in another order")


def until(follower: Follower, done: Callable[[], bool]) -> None:
    """Step until it is so: by events, long before it would be looked for without any."""
    clock = SystemClock()
    end_ns = clock.monotonic_ns() + 8_000_000_000  # shorter than the pause between looks without events
    while not done() and clock.monotonic_ns() < end_ns:
        due_ns = follower.step()
        clock.sleep(max(0, due_ns - clock.monotonic_ns()) / 1e9)


def chips(board: Board, when: str) -> None:
    """Print which chip is where."""
    found = sorted(f"{chip.address:#x} {chip.path.rsplit('/', 1)[-1]}" for chip in board.sensor_chips)
    print(f"{when}: {', '.join(found)}")


if __name__ == "__main__":
    main()
