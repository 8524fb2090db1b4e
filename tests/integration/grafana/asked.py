"""What Grafana would ask of Prometheus for a dashboard, with its variables filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.integration.grafana.processes import HEALTHY, Prometheus
from tests.unit.grafana.shipped import panels, variable_queries

_RANGE_S, _STEP_S = 30, 5
_BUILT_IN = {
    "$__rate_interval": "20s",
    "$__range_s": str(_RANGE_S),
    "$__range": f"{_RANGE_S}s",
}
_LABEL_VALUES = re.compile(r"label_values\((.*), (\w+)\)")
_QUERY_RESULT = re.compile(r"query_result\((.*)\)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question to Prometheus.

    Attributes:
        where: The panel, its repetition and the query.
        expr: PromQL with nothing left to fill in.
        instant: Whether it is asked for one moment.
    """

    where: str
    expr: str
    instant: bool


def resolved(dashboard: Mapping[str, Any], server: Prometheus) -> dict[str, list[str]]:
    """Every value of each variable, asked one after the other as each depends on those before."""
    values: dict[str, list[str]] = {}
    regexes = {each["name"]: each.get("regex", "") for each in dashboard["templating"]["list"]}
    for variable, query in variable_queries(dashboard):
        offered = _offered(filled(query, values_of_all(dashboard, values)), regexes[variable], server)
        assert offered, f"{variable} offers nothing: {query}"
        values[variable] = offered
    return values


def _offered(query: str, regex: str, server: Prometheus) -> list[str]:
    if found := _LABEL_VALUES.fullmatch(query):
        return list(server.ask(f"label/{found[2]}/values", **{"match[]": found[1]}))
    found = _QUERY_RESULT.fullmatch(query)
    assert found, query
    series = server.ask("query", query=found[1], time=str(server.seen_s))["result"]
    # Grafana lets the regex take the value out of what Prometheus' own notation would be.
    taken = (re.search(regex.strip("/"), _notation(each)) for each in series)
    return sorted({match[1] for match in taken if match})


def _notation(series: Mapping[str, Any]) -> str:
    labels = ",".join(f'{name}="{text}"' for name, text in series["metric"].items() if name != "__name__")
    when_s, value = series["value"]
    return f"{series['metric'].get('__name__', '')}{{{labels}}} {value} {when_s * 1000:.0f}"


def values_of_all(dashboard: Mapping[str, Any], values: Mapping[str, list[str]]) -> dict[str, str]:
    """The text of each variable while all that can be chosen is chosen."""
    multi = {each["name"] for each in dashboard["templating"]["list"] if each.get("multi")}
    return {name: ".+" if name in multi else _one(offered) for name, offered in values.items()}


def _one(offered: list[str]) -> str:
    return HEALTHY if HEALTHY in offered else offered[0]


def filled(expr: str, variables: Mapping[str, str]) -> str:
    """A query with its variables filled in."""
    for name, value in _BUILT_IN.items():
        expr = expr.replace(name, value)
    for name, value in variables.items():
        expr = expr.replace(f"${name}", value)
    return expr


def questions(dashboard: Mapping[str, Any], values: Mapping[str, list[str]]) -> Iterator[Question]:
    """Every query of every panel, once for each value of the variable that it is repeated by."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            chosen = values_of_all(dashboard, values)
            for value in values[panel["repeat"]] if "repeat" in panel else [None]:
                if value is not None:
                    chosen[panel["repeat"]] = value
                where = f"{dashboard['uid']}: {panel['title']} {value or ''} {target['refId']}"
                yield Question(where, filled(target["expr"], chosen), target["instant"])


def answer(question: Question, server: Prometheus) -> list[Mapping[str, Any]]:
    """The series that come back."""
    now_s = server.seen_s
    if question.instant:
        data = server.ask("query", query=question.expr, time=str(now_s))
    else:
        data = server.ask(
            "query_range",
            query=question.expr,
            start=str(now_s - _RANGE_S),
            end=str(now_s),
            step=str(_STEP_S),
        )
    return list(data["result"])


def has_number(series: list[Mapping[str, Any]]) -> bool:
    """Whether there is any number in an answer, and not only NaN."""
    return any(value != "NaN" for each in series for _, value in each.get("values") or [each["value"]])
