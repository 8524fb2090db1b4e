"""What the unprivileged service may do with sensors, on a board made of files, by the udev rules."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged.board.unpack import unpack_dump
from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT

_TREE = PROJECT / "tests/boards/xu3-mainline/tree.tsv"
_BOARD = "/run/board"
_RUN = re.compile(r"^run: '(?P<command>.*)'$", re.M)
_SETTING = "update_interval"


@contextmanager
def _board(machine: Machine) -> Iterator[list[str]]:
    """An XU3's sysfs in place of this machine's; gives the directories of its power sensors."""
    unpack_dump(_TREE.read_text(), Path(f"/proc/{machine.leader}/root{_BOARD}"))
    places = [f"/sys/{name}" for name in ("class", "devices", "bus")]
    for place in places:
        machine.ask("mount", "--bind", f"{_BOARD}{place}", place)
    try:
        yield machine.ask("sh", "-c", f"dirname /sys/class/hwmon/hwmon*/{_SETTING}").splitlines()
    finally:
        machine.run("systemctl", "stop", "edged.service")
        for place in places:
            machine.ask("umount", "--lazy", place)


def test_the_rules_are_understood(machine: Machine) -> None:
    told = machine.run("sh", "-c", "udevadm test /sys/class/net/lo 2>&1").out
    assert "60-edged.rules" in told
    wrong = [line for line in told.splitlines() if "60-edged.rules:" in line]
    assert not wrong, wrong


def test_the_group_may_set_how_long_sensors_average(machine: Machine) -> None:
    with _board(machine) as sensors:
        assert len(sensors) == 4
        for sensor in sensors:
            _apply_rules(machine, sensor)
            told = machine.ask("stat", "--dereference", "--format=%G %a", f"{sensor}/{_SETTING}")
            assert told.split()[0] == "edged"
            assert int(told.split()[1], 8) & 0o020


def _apply_rules(machine: Machine, device: str) -> None:
    """What udev would run for a device that comes; in a container no udevd does."""
    real = machine.ask("realpath", device)
    # What the dump of a board leaves out, and libudev wants to see.
    machine.ask("touch", f"{real}/uevent")
    machine.run("ln", "--symbolic", "--no-dereference", "/sys/class/hwmon", f"{real}/subsystem")
    command = f"SYSTEMD_DEVICE_VERIFY_SYSFS=0 udevadm test --action=add {real} 2>&1"
    told = machine.run("sh", "-c", command).out
    commands = _RUN.findall(told)
    assert commands, told
    for each in commands:
        machine.ask("sh", "-c", each)
