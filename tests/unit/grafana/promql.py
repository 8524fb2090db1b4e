"""PromQL, taken apart by promql-parser."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser

_INTERVALS = {"$__rate_interval": "5m", "$__range_s": "3600", "$__range": "1h"}


def parsed(expr: str) -> Any:
    """The tree of a query, whose variables may still be in it.

    Raises:
        ValueError: If it is not PromQL.
    """
    for name, value in _INTERVALS.items():
        expr = expr.replace(name, value)
    return promql_parser.parse(expr)


def walk(node: Any) -> Iterator[Any]:
    """A node and all below it."""
    yield node
    for child in _children(node):
        yield from walk(child)


def _children(node: Any) -> list[Any]:
    below = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "vector_selector", "param")]
    below += list(getattr(node, "args", None) or [])
    return [child for child in below if type(child).__module__.startswith("promql_parser")]


def selectors(expr: str) -> list[Any]:
    """Every selector of series."""
    return [node for node in walk(parsed(expr)) if type(node).__name__ == "VectorSelector"]


def metrics_in(expr: str) -> set[str]:
    """Every metric that a query names."""
    return {str(node.name) for node in selectors(expr)}


def calls(expr: str) -> Iterator[tuple[str, str]]:
    """Each function of a range of time, with the metric and the range as they stand in the text."""
    for found in re.finditer(r"\b(\w+)\((\w+)\{[^}]*\}\[([^\]]+)\]", expr):
        yield found[1], found[3]
