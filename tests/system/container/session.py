"""Runs pytest files against a container, and prints a line for each check."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.system.container.machine import Machine
from tests.system.vm.report import Check, Tally


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
