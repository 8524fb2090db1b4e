"""Tells the host how each check went, one JSON object a line."""

import json
import os
from pathlib import Path

import pytest

REPORT = Path("/share/report")

# Outside the guest there is nothing to check: no i2c-stub, no chips.
collect_ignore_glob = [] if "EDGED_GUEST" in os.environ else ["test_*.py"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Report a check once: when it has run, or when it could not."""
    if report.when == "call" or not report.passed:
        _tell(
            check=report.nodeid.rpartition("::")[2],
            outcome=report.outcome,
            seconds=round(report.duration, 1),
            detail=_detail(report),
        )


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file of checks that cannot be imported is a failure, not a file without checks."""
    if report.failed:
        _tell(check=report.nodeid, outcome="failed", seconds=0.0, detail=report.longreprtext)


def _detail(report: pytest.TestReport) -> str:
    if report.skipped and hasattr(report, "wasxfail"):
        return f"known to fail: {report.wasxfail}"
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return report.longreprtext if report.failed else report.capstdout.strip()


def _tell(**facts: object) -> None:
    with REPORT.open("a") as report:
        report.write(json.dumps(facts) + "\n")
