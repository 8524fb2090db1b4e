"""A row for each case: queries with a label that only one case has."""

from typing import Final

CASE: Final = "model, cpu_cluster"


def with_case(expr: str) -> str:
    """The same series, each with the label `case`.

    Args:
        expr: PromQL of series with the labels of `CASE`.
    """
    return f'label_join({expr}, "case", "@", "model", "cpu_cluster")'


def by_case(expr: str) -> str:
    """The same series with no label but `case`, so that their answers can be joined on it."""
    return f"max by (case) ({with_case(expr)})"
