"""Heat as the real kernel tells it: zones that refuse, and its own throttling of a clock."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edged.board.cooling import cooling_state
from edged.board.discover import discover
from edged.board.frequency import frequency_limit_hz
from edged.board.parts import Board
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import temperature_c
from edged.clock import NS_PER_S, SystemClock

HWMON = Path("/sys/class/hwmon")
_PARAMETERS = Path("/sys/module/fake_soc/parameters")
_PATIENCE_NS = 20 * NS_PER_S


@pytest.fixture
def board() -> Iterator[Board]:
    yield discover(Sysfs())
    heat(45_000)
    refuse(0)
    wait(lambda: cooling_state(Sysfs(), discover(Sysfs()).cooling_devices[0]) == 0)


def test_a_temperature_is_read_in_degrees(board: Board) -> None:
    assert [temperature_c(Sysfs(), zone) for zone in board.thermal_zones] == [45.0, 43.0]


def test_a_driver_that_has_no_temperature_yet_is_an_error_and_no_temperature(board: Board) -> None:
    (mirror,) = (path.parent for path in HWMON.glob("*/name") if path.read_text() == "cpu0_thermal\n")
    refuse(errno.EAGAIN)
    # The kernel's thermal core turns the driver's EAGAIN into ENODATA; its hwmon mirror passes it on.
    with pytest.raises(SysfsError, match="ENODATA") as failure:
        temperature_c(Sysfs(), board.thermal_zones[0])
    assert not failure.value.absent
    with pytest.raises(SysfsError, match="EAGAIN"):
        Sysfs().read(str(mirror.relative_to("/") / "temp1_input"))


def test_heat_throttles_the_clock_and_edged_sees_it(board: Board) -> None:
    (device,), (cluster,) = board.cooling_devices, board.clusters
    assert (cooling_state(Sysfs(), device), frequency_limit_hz(Sysfs(), cluster)) == (0, 1_400_000_000)
    heat(95_000)
    wait(lambda: cooling_state(Sysfs(), device) > 0)
    wait(lambda: frequency_limit_hz(Sysfs(), cluster) < 1_400_000_000)


def heat(temperature_mc: int) -> None:
    (_PARAMETERS / "temperature_mc").write_text(f"{temperature_mc},43000")


def refuse(code: int) -> None:
    (_PARAMETERS / "zone_errno").write_text(f"{code},0")


def wait(condition: Callable[[], bool]) -> None:
    clock = SystemClock()
    deadline_ns = clock.monotonic_ns() + _PATIENCE_NS
    while not condition():
        assert clock.monotonic_ns() < deadline_ns, "the kernel did not get there"
        clock.sleep(0.1)
