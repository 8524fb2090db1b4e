"""What the unprivileged service may do with sensors, on a board made of files, by the udev rules."""

import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from edged.board.unpack import unpack_dump
from edged.clock import SystemClock
from edged.simulation.board import SimulatedBoard
from edged.simulation.clock import VirtualClock
from tests.system.container.checks.service import QUICK, entries, page, started
from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT

_TREE = PROJECT / "tests/boards/xu3-mainline/tree.tsv"
_RUN = re.compile(r"^run: '(?P<command>.*)'$", re.M)
_SETTING = "update_interval"
_STEP_S = 0.02
# One measurement at the start, and then none for as long as this takes.
_RARELY = QUICK + "[schedule]\nevery_s = 3600.0\n"


@contextmanager
def _board(machine: Machine) -> Iterator[list[str]]:
    """An XU3's sysfs in place of this machine's; gives the directories of its power sensors."""
    unpack_dump(_TREE.read_text(), _root(machine, "dumped"))
    with _shown(machine, "dumped") as sensors:
        yield sensors


@contextmanager
def _living_board(machine: Machine) -> Iterator[list[str]]:
    """A simulated XU3's, whose sensors go on measuring."""
    clock, over = SystemClock(), threading.Event()
    directory = _root(machine, f"simulated-{clock.monotonic_ns()}")
    directory.mkdir(parents=True)
    time_of_board = VirtualClock(clock.monotonic_ns(), clock.wall_s())
    board = SimulatedBoard("xu3", directory, time_of_board, seed=1)

    def live() -> None:
        while not over.wait(_STEP_S):
            board.advance(time.monotonic_ns())

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        with _shown(machine, directory.name) as sensors:
            yield sensors
    finally:
        over.set()
        thread.join()
        board.close()


def _root(machine: Machine, name: str) -> Path:
    return Path(f"/proc/{machine.leader}/root/run/boards/{name}")


@contextmanager
def _shown(machine: Machine, name: str) -> Iterator[list[str]]:
    # In a container /sys is memory, without the device tree.
    machine.ask("mount", "-o", "remount,rw", "/sys")
    machine.ask("mkdir", "-p", "/sys/firmware")
    shown = [
        place
        for place in ("class", "devices", "bus", "firmware")
        if (_root(machine, name) / "sys" / place).is_dir()
    ]
    for place in shown:
        machine.ask("mount", "--bind", f"/run/boards/{name}/sys/{place}", f"/sys/{place}")
    try:
        yield machine.ask("sh", "-c", f"dirname /sys/class/hwmon/hwmon*/{_SETTING}").splitlines()
    finally:
        machine.run("systemctl", "stop", "edged.service")
        for place in shown:
            machine.ask("umount", "--lazy", f"/sys/{place}")


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


def test_the_unprivileged_service_reads_every_rail(machine: Machine) -> None:
    with _living_board(machine):
        started(machine)
        watts: Mapping[str, float] = {}

        def four() -> bool:
            nonlocal watts
            watts = _values(machine, "edged_rail_power_watts", "rail")
            return len(watts) == 4

        machine.until("four rails have a power", four)
        assert set(watts) == {"big", "little", "gpu", "mem"}
        # An XU3 that does nothing.
        assert all(0.01 < value < 3 for value in watts.values()), watts
        assert set(_values(machine, "edged_sensor_up", "sensor").values()) == {1.0}


def test_between_measurements_the_unprivileged_service_lets_chips_average_longer(machine: Machine) -> None:
    with _living_board(machine) as sensors:
        before = machine.ask("cat", *(f"{each}/{_SETTING}" for each in sensors)).split()
        for sensor in sensors:
            _apply_rules(machine, sensor)
        started(machine, _RARELY)

        def longer() -> bool:
            now = machine.ask("cat", *(f"{each}/{_SETTING}" for each in sensors)).split()
            return all(int(new) > int(old) for new, old in zip(now, before, strict=True))

        machine.until("the chips average for longer", longer)


@pytest.mark.skipif(7 in os.sched_getaffinity(0), reason="this machine has all CPUs that the board has")
def test_cpus_that_cannot_be_had_are_told_as_such(machine: Machine) -> None:
    with _living_board(machine):
        started(machine)

        def told() -> bool:
            return any(
                "CPU 7 cannot be pinned to" in entry["MESSAGE"] for entry in entries(machine, "rejected")
            )

        machine.until("the rejection is told", told)


def _values(machine: Machine, name: str, label: str) -> dict[str, float]:
    """A metric by a label of it."""
    status, text = page(machine, "/metrics")
    assert status == 200
    return {
        sample.labels[label]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


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
