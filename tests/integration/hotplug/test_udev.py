"""Chips that come, go and are numbered anew, heard of by the real libudev on umockdev's /sys."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

_PYTHON = "/usr/bin/python3"  # the one that has the bindings of GObject
_PROJECT = Path(__file__).parents[3]


def _why_not() -> str:
    if shutil.which("umockdev-wrapper") is None:
        return "umockdev is not installed"
    bindings = "import gi; gi.require_version('UMockdev', '1.0'); from gi.repository import UMockdev"
    if subprocess.run([_PYTHON, "-c", bindings], capture_output=True, check=False).returncode:
        return "gir1.2-umockdev-1.0 or python3-gi is not installed"
    if importlib.util.find_spec("pyudev") is None:
        return "pyudev is not installed"
    return ""


def test_events_of_chips_have_the_board_followed() -> None:
    if reason := _why_not():
        pytest.skip(reason)
    pyudev = importlib.util.find_spec("pyudev")
    assert pyudev is not None
    assert pyudev.origin is not None
    packages = Path(pyudev.origin).parents[1]
    ran = subprocess.run(
        ["umockdev-wrapper", _PYTHON, "-m", "tests.integration.hotplug.in_testbed"],
        env={**os.environ, "PYTHONPATH": f"{_PROJECT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=_PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "heard by udev: True",
        "at first: 0x40 hwmon0",
        "one came: 0x40 hwmon0, 0x41 hwmon1",
        "one went: 0x41 hwmon1",
        "back in another order: 0x40 hwmon1, 0x41 hwmon0",
    ]
