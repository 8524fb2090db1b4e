"""`python -m tests.system.container`: make the container, or take the one at hand, and run its checks."""

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.system.container.install import install_edged
from tests.system.container.machine import Machine, booted
from tests.system.container.root import CACHE, HOST_PACKAGES, PROJECT, root
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.report import Check, Tally

_CHECKS = Path(__file__).parent / "checks"


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


def main() -> int:
    """Run the checks.

    Returns:
        0 if all passed, or if the container cannot be had on this machine; 1 otherwise.
    """
    # Whoever ends the checks early gets the container ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    CACHE.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    start = time.monotonic()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would install into the same place
        try:
            _install_host_packages()
            root()
            install_edged()
            with booted() as machine:
                print(f"booted after {time.monotonic() - start:.0f} s", flush=True)
                code = _check(machine, tally, sys.argv[1:])
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


def _check(machine: Machine, tally: Tally, arguments: list[str]) -> int:
    # The report is ours; the project's options are for pytest's own.
    quiet = ["-p", "no:terminal", "-p", "no:randomly", "-p", "no:cacheprovider", "-o", "addopts="]
    return pytest.main([*quiet, str(_CHECKS), *arguments], plugins=[_Report(machine, tally)])


def _install_host_packages() -> None:
    done = subprocess.run([PROJECT / ".ci/apt", *HOST_PACKAGES], check=False)
    if done.returncode:
        raise UnavailableError(
            "these Debian packages are needed and not installed: " + ", ".join(HOST_PACKAGES)
        )


if __name__ == "__main__":
    sys.exit(main())
