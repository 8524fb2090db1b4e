"""What panels draw: Prometheus' answers as Grafana's data source makes tables of them, then transformed."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.integration.grafana.asked import Question, answer, filled, resolved, values_of_all
from tests.integration.grafana.processes import Prometheus
from tests.unit.grafana.shipped import DASHBOARDS, dashboard, panels

# Cells by the name of their column; "undefined" where there is none.
Columns = Mapping[str, list[Any]]


class Drawn(NamedTuple):
    """Which panel: its dashboard, its title and the value that it is repeated for, or ""."""

    uid: str
    title: str
    repeated_for: str = ""


def all_drawn(server: Prometheus, node: Path) -> dict[Drawn, Columns]:
    """The columns of every table and plot of every dashboard.

    Args:
        server: Who is asked.
        node: Where Grafana's packages are.
    """
    panels_asked = dict(_asked(server))
    done = subprocess.run(
        ["node", "transform.cjs"],
        # JSON has no NaN: a share of nothing is no value.
        input=json.dumps(list(panels_asked.values())).replace("NaN", "null"),
        capture_output=True,
        text=True,
        cwd=node,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        which: {column["name"]: column["values"] for column in columns}
        for which, columns in zip(panels_asked, json.loads(done.stdout), strict=True)
    }


def _asked(server: Prometheus) -> Iterator[tuple[Drawn, Mapping[str, Any]]]:
    for uid in DASHBOARDS:
        shipped = dashboard(uid)
        offered = resolved(shipped, server)
        for panel in panels(shipped):
            if panel["type"] in {"table", "xychart"}:
                for value in offered[panel["repeat"]] if "repeat" in panel else [""]:
                    chosen = values_of_all(shipped, offered)
                    if value:
                        chosen[panel["repeat"]] = value
                    yield Drawn(uid, panel["title"], value), _frames(panel, chosen, server)


def _frames(panel: Mapping[str, Any], chosen: Mapping[str, str], server: Prometheus) -> Mapping[str, Any]:
    answers = {
        target["refId"]: answer(Question("", filled(target["expr"], chosen), instant=True), server)
        for target in panel["targets"]
    }
    several = sum(map(bool, answers.values())) > 1
    frames = [_table(name, series, several=several) for name, series in answers.items() if series]
    return {"frames": frames, "transformations": panel["transformations"]}


def _table(name: str, series: list[Mapping[str, Any]], *, several: bool) -> Mapping[str, Any]:
    """One answer as a table: a column for the time, each label and the value."""
    labels = sorted({label for each in series for label in each["metric"]})
    cells: list[Mapping[str, Any]] = [
        {"name": "Time", "type": "time", "values": [each["value"][0] * 1000 for each in series]},
        *(
            {"name": label, "type": "string", "values": [each["metric"].get(label, "") for each in series]}
            for label in labels
        ),
        {
            "name": f"Value #{name}" if several else "Value",
            "type": "number",
            "values": [float(each["value"][1]) for each in series],
        },
    ]
    return {"refId": name, "fields": cells}
