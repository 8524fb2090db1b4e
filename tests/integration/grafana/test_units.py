"""Every unit is one that Grafana knows: it shows others as bare text behind the number."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.grafana.shipped import DASHBOARDS, dashboard, panels


def test_every_unit_is_one_of_grafanas(node: Path) -> None:
    units = {unit for uid in DASHBOARDS for panel in panels(dashboard(uid)) for unit in _units(panel)}
    done = subprocess.run(
        ["node", "units.cjs"],
        input=json.dumps(sorted(units)),
        capture_output=True,
        text=True,
        cwd=node,
        timeout=120,
        check=True,
    )
    assert "joule" in units
    assert json.loads(done.stdout) == []


def _units(panel: Any) -> Iterator[str]:
    yield panel["fieldConfig"]["defaults"]["unit"]
    for override in panel["fieldConfig"]["overrides"]:
        yield from (each["value"] for each in override["properties"] if each["id"] == "unit")
