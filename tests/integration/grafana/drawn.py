"""A panel's columns: Prometheus' answers as Grafana's data source makes tables of them, then transformed."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.integration.grafana.asked import Question, answer, filled
from tests.integration.grafana.processes import Prometheus

Column = list[Any]


def columns_of(
    panel: Mapping[str, Any], chosen: Mapping[str, str], server: Prometheus, node: Path
) -> dict[str, Column]:
    """What the panel draws: cells by the name of their column, "undefined" where there is none.

    Args:
        panel: A panel whose queries are tables.
        chosen: The text of each variable.
        server: Who is asked.
        node: Where Grafana's packages are.
    """
    answers = {
        target["refId"]: answer(Question("", filled(target["expr"], chosen), instant=True), server)
        for target in panel["targets"]
    }
    several = sum(map(bool, answers.values())) > 1
    frames = [_table(name, series, several=several) for name, series in answers.items() if series]
    question = json.dumps({"frames": frames, "transformations": panel["transformations"]})
    done = subprocess.run(
        ["node", "transform.cjs"],
        input=question,
        capture_output=True,
        text=True,
        cwd=node,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{panel['title']}: {done.stderr}"
    columns = json.loads(done.stdout)
    names = [column["name"] for column in columns]
    assert len(names) == len(set(names)), f"{panel['title']}: {names}"
    return {column["name"]: column["values"] for column in columns}


def _table(name: str, series: list[Mapping[str, Any]], *, several: bool) -> dict[str, Any]:
    """One answer as a table: a column for the time, each label and the value."""
    labels = sorted({label for each in series for label in each["metric"]})
    cells: list[dict[str, Any]] = [
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
