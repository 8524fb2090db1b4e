"""promtool and amtool, where Debian's Prometheus is installed."""

import shutil

import pytest


@pytest.fixture(scope="session")
def promtool() -> None:
    """Skip where promtool is not."""
    if not shutil.which("promtool"):
        pytest.skip("there is no promtool: apt-get install prometheus")


@pytest.fixture(scope="session")
def amtool() -> None:
    """Skip where amtool is not."""
    if not shutil.which("amtool"):
        pytest.skip("there is no amtool: apt-get install prometheus-alertmanager")
