"""Runs pytest files against a container, and prints a line for each check."""

import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.report import Check, Tally


def run(
    checks: Path,
    lock: Path,
    host_packages: Sequence[str],
    board: Callable[[], AbstractContextManager[Machine]],
) -> int:
    """Run checks on a container, with further arguments for pytest from the command line.

    Args:
        checks: The directory of the checks.
        lock: Two runs with the same lock come one after the other.
        host_packages: Debian packages that this machine needs for it.
        board: Gives the container, ready to be checked.

    Returns:
        0 if all passed, or if the container cannot be had on this machine; 1 otherwise.
    """
    # Whoever ends the checks early gets the container ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lock.parent.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    start = time.monotonic()
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two at once would make files in the same place
        try:
            _install_host_packages(host_packages)
            with board() as machine:
                print(f"there after {time.monotonic() - start:.0f} s", flush=True)
                code = check(machine, checks, tally, sys.argv[1:])
        except UnavailableError as reason:
            print(f"skipped: a container with systemd cannot be had here: {reason}")
            print(tally, flush=True)
            return 0
        except GuestFailedError as failure:
            print(f"FAILED  {failure}")
            tally.counts["failed"] += 1
            code = 1
    print(f"{tally} in {time.monotonic() - start:.0f} s", flush=True)
    return 0 if tally.good and code == 0 else 1


def _install_host_packages(packages: Sequence[str]) -> None:
    done = subprocess.run([PROJECT / ".ci/apt", *packages], check=False)
    if done.returncode:
        raise UnavailableError("these Debian packages are needed and not installed: " + ", ".join(packages))


def check(machine: Machine, checks: Path, tally: Tally, arguments: Sequence[str]) -> int:
    """Run checks, which take the container as their argument `machine`.

    Args:
        machine: The container.
        checks: The directory of the checks.
        tally: What became of each is counted here.
        arguments: Further arguments for pytest.

    Returns:
        pytest's exit code.
    """
    # The report is ours; the project's options are for pytest's own.
    quiet = ["-p", "no:terminal", "-p", "no:randomly", "-p", "no:cacheprovider", "-o", "addopts="]
    return pytest.main([*quiet, str(checks), *arguments], plugins=[_Report(machine, tally)])


class _Report:
    """A pytest plugin: gives the checks the machine, and prints a line for each of them."""

    def __init__(self, machine: Machine, tally: Tally) -> None:
        self._machine = machine
        self._tally = tally

    @pytest.fixture
    def machine(self) -> Machine:
        return self._machine

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.partition("::")[2] + ("" if report.when == "call" else f"[{report.when}]")
            detail = "" if report.passed else _why(report)
            check = Check(
                name.removeprefix("test_").replace("_", " "), report.outcome, report.duration, detail
            )
            self._tally.add(check)
            print(check.lines(), flush=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            print(report.longreprtext, flush=True)


def _why(report: pytest.TestReport) -> str:
    """What did not hold and where, without the code round it."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return f"{crash.path}:{crash.lineno}\n{crash.message}" if crash else report.longreprtext
