"""What the alerts need of the configurations of Prometheus and Alertmanager."""

import re
import shutil
import subprocess

import pytest

from tests.integration.rules.promtool import CONFIGURATION, RULES
from tests.integration.rules.shipped import alerts

ALERTMANAGER = RULES / "alertmanager.yml"


def amtool(*words: str) -> "subprocess.CompletedProcess[str]":
    found = shutil.which("amtool")
    assert found
    return subprocess.run([found, *words], capture_output=True, text=True, timeout=60, check=False)


def receiver_of(**labels: str) -> str:
    words = [f"{name}={value}" for name, value in labels.items()]
    done = amtool("config", "routes", "test", f"--config.file={ALERTMANAGER}", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_window_of_every_rule_holds_several_scrapes() -> None:
    assert "scrape_interval: 15s" in CONFIGURATION.read_text(encoding="utf-8")
    assert not [each.name for each in alerts() if "[1m]" in each.expr or "[30s]" in each.expr]


@pytest.mark.usefixtures("amtool")
def test_amtool_finds_nothing_wrong_with_the_configuration_of_alertmanager() -> None:
    done = amtool("check-config", str(ALERTMANAGER))
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_alert_is_repeated_later_than_alertmanager_remembers_it() -> None:
    hours_in = {"m": 1 / 60, "h": 1, "d": 24}
    text = ALERTMANAGER.read_text(encoding="utf-8")
    intervals = re.findall(r"repeat_interval: (\d+)(\w)$", text, re.MULTILINE)
    assert len(intervals) > 2
    # What --data.retention is unless it is given, and no file of deploy gives it.
    assert max(int(count) * hours_in[unit] for count, unit in intervals) < 120


@pytest.mark.usefixtures("amtool")
@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_an_alert_reaches_people_and_that_of_a_simulated_board_does_not(severity: str) -> None:
    real = receiver_of(alertname="EdgedThrottled", severity=severity, simulated="false")
    simulated = receiver_of(alertname="EdgedThrottled", severity=severity, simulated="true")
    assert (real, simulated) == ("edged", "edged-simulated")
