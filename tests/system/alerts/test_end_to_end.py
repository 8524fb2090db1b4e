"""A board heats up, is throttled, and somebody is told; it cools, and somebody is told that, too.

edged, Prometheus, Alertmanager and the receiver are processes and servers of their own. Prometheus and
Alertmanager have the shipped files, in a hurry (`hurried.py`). The board's time runs three times as fast as
theirs, so a share of the time is seen as three times as large: this one goes from nothing to all of it.
"""

from pathlib import Path

import pytest

from tests.integration.cli.command import ended, line_with, started
from tests.integration.rules.promtool import RULES
from tests.system.alerts.hurried import hurried
from tests.system.alerts.stack import ask, stack, wait_for

_PATIENCE_S = 900.0


def test_only_durations_are_shortened() -> None:
    text = (
        "expr: rate(x_total[5m]) > 0.5 and y offset 1w\nfor: 5m\nscrape_interval: 15s\n"
        "description: the last 5 minutes\n"
    )
    assert hurried(text) == (
        "expr: rate(x_total[15000ms]) > 0.5 and y offset 30240000ms\nfor: 15000ms\nscrape_interval: 750ms\n"
        "description: the last 5 minutes\n"
    )
    rules = (RULES / "edged.alerts.yml").read_text(encoding="utf-8")
    assert len(hurried(rules).splitlines()) == len(rules.splitlines())
    assert "[5m]" in rules
    assert "[5m]" not in hurried(rules)


@pytest.mark.usefixtures("promtool", "amtool")
def test_a_heat_wave_is_told_and_its_end_is_told(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text('[exposition]\nlisten = "127.0.0.1:0"\n[journal]\npath = "journal.db"\n')
    words = ("--simulate", "xu3", "--engine", "replay", "--scenario", "heat-wave", "--speed", "3")
    with started("run", *words, "--config", config, env={"HOME": str(tmp_path)}) as edged:
        board = line_with(edged, "metrics: ").split()[1].split("/")[2]
        with stack(tmp_path, board) as (prometheus, webhook):
            wait_for(lambda: webhook.heard("EdgedThrottled", "firing"), _PATIENCE_S, "the alarm")
            rules = ask(f"{prometheus}/api/v1/rules")["data"]["groups"]
            unwell = [each for group in rules for each in group["rules"] if each["health"] != "ok"]
            assert not unwell
            wait_for(lambda: webhook.heard("EdgedThrottled", "resolved"), _PATIENCE_S, "the end of it")
        edged.terminate()
        assert ended(edged).code == 0
    told = {(name, state) for message in webhook.messages for name, state in message.alerts}
    # The fan does what it can, and it is not enough: that is told as well.
    assert {name for name, _ in told} <= {"EdgedThrottled", "EdgedFanNotResponding"}
    for message in webhook.messages:
        assert message.receiver == "edged-simulated"
        for labels in message.labels:
            assert labels["simulated"] == "true"
            assert (labels["job"], labels["instance"]) == ("edged", "127.0.0.1")
