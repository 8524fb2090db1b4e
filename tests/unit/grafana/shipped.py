"""The dashboards as they are shipped."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).resolve().parents[3] / "dashboards"
DASHBOARDS = ("edged-fleet", "edged-board", "edged-tradeoffs", "edged-regression", "edged-self")

Json = Mapping[str, Any]


def dashboard(uid: str) -> Json:
    """The dashboard in the file of that name."""
    shipped: Json = json.loads((DIRECTORY / f"{uid}.json").read_text(encoding="utf-8"))
    return shipped


def panels(shipped: Json) -> Iterator[Json]:
    """Every panel, also those in folded rows; the rows themselves are none."""
    for panel in shipped["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def rows(shipped: Json) -> Iterator[Json]:
    """Every heading."""
    return (panel for panel in shipped["panels"] if panel["type"] == "row")


def variable_queries(shipped: Json) -> Iterator[tuple[str, str]]:
    """Name and query of each variable that asks Prometheus."""
    for variable in shipped["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]


def promql_of_variable(query: str) -> str:
    """What a variable's query asks in PromQL."""
    function, _, rest = query.removesuffix(")").partition("(")
    return rest if function == "query_result" else rest.rpartition(", ")[0]


def expressions(shipped: Json) -> Iterator[tuple[str, str]]:
    """Every query in PromQL, with where it stands."""
    for panel in panels(shipped):
        for target in panel["targets"]:
            yield f"{panel['title']} {target['refId']}", target["expr"]
    for annotation in shipped["annotations"]["list"]:
        yield annotation["name"], annotation["expr"]


def styled_columns(panel: Json) -> set[str]:
    """The columns whose looks an override names."""
    overrides = panel["fieldConfig"]["overrides"]
    return {each["matcher"]["options"] for each in overrides if each["matcher"]["id"] == "byName"}
