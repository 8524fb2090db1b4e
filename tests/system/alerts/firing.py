"""Which of the shipped alerts fire on what was recorded, by promtool."""

import json
import re
from pathlib import Path

from tests.integration.rules.promtool import run, written_test
from tests.system.alerts.recording import Recording


def firing(recording: Recording, directory: Path) -> dict[str, set[str]]:
    """The alerts that fired at any moment, with the values of `rail` or `cpu_cluster` where they have one.

    Args:
        recording: What was scraped.
        directory: Where the test file goes.
    """
    expr = (
        "count by (alertname, simulated, rail, cpu_cluster) "
        f'(max_over_time(ALERTS{{alertstate="firing"}}[{recording.minutes}m]))'
    )
    # An expectation that cannot be met: promtool then tells what it got.
    impossible = [{"labels": "impossible", "value": 1}]
    check = {"expr": expr, "eval_time": f"{recording.minutes - 1}m", "exp_samples": impossible}
    path = directory / "recording.yml"
    path.write_text(written_test(1, recording.series, {"promql_expr_test": [check]}), encoding="utf-8")
    done = run("test", "rules", path)
    told = done.stdout + done.stderr
    got = re.search(r"got:(.*)", told)
    assert got, told[:2000]
    fired: dict[str, set[str]] = {}
    for labels in re.findall(r"\{(.*?)\}", got[1]):
        found = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*")', labels))
        values = {name: json.loads(value) for name, value in found.items()}
        assert values["simulated"] == "true", "an alert of a simulated board says that it is one"
        about = fired.setdefault(values["alertname"], set())
        about |= {values[name] for name in ("rail", "cpu_cluster") if name in values}
    return fired
