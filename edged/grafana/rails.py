"""Sums over rails that count nothing twice.

The same rule as in `edged.tradeoff.inference_energy`: a meter at the board's supply sees all of it; else the
rails add up, but for those of RAPL that are parts of another.
"""

from edged.grafana.query import Boards, median

_WHOLE = 'rail=~"board|psys"'
_PARTS = 'rail!~"board|psys|.+/(core|uncore)"'


def over_rails(boards: Boards, metric: str, by: str, *matchers: str, ago: str = "") -> str:
    """A metric added over the rails.

    Args:
        boards: Whose.
        metric: A gauge with the label `rail`.
        by: Labels that stay.
        matchers: Further conditions in PromQL.
        ago: How long ago, such as "1w"; "" for now.
    """
    offset = f" offset {ago}" if ago else ""
    whole, parts = (boards(metric, rails, *matchers) for rails in (_WHOLE, _PARTS))
    return f"sum by ({by}) ({whole}{offset}) or sum by ({by}) ({parts}{offset})"


def how_many_rails(boards: Boards, metric: str, by: str, *matchers: str) -> str:
    """Over how many rails `over_rails` adds."""
    whole, parts = (boards(metric, rails, *matchers) for rails in (_WHOLE, _PARTS))
    return f"count by ({by}) ({whole}) or count by ({by}) ({parts})"


def over_like_rails(expr: str, by: str, among: str) -> str:
    """Of sums over rails, those with as many rails as any: on fewer a case would seem cheaper than it is.

    Nearly the rule of `edged.tradeoff.like_rails`, which the fronts keep to: that tells other rails from
    these where they are as many, too.

    Args:
        expr: The sums, or something else of each of them.
        by: Labels that tell one from another.
        among: The gauge with the label `rail`, of all that are compared.
    """
    rails = f"count by ({by}) ({among})"
    return f"({expr}) and on ({by}) ({rails} == scalar(max({rails})))"


def u95_over_rails(boards: Boards, metric: str, by: str, *matchers: str) -> str:
    """U95 of such a sum: the root of the sum of squares, for each rail has a sensor of its own."""
    whole, parts = (boards(metric, rails, *matchers) for rails in (_WHOLE, _PARTS))
    return f"sqrt(sum by ({by}) ({whole} ^ 2) or sum by ({by}) ({parts} ^ 2))"


def median_over_rails(boards: Boards, metric: str, by: str, *matchers: str) -> str:
    """Such a sum of the medians of a day."""
    whole, parts = (_sum(boards(metric, rails, *matchers), by, "") for rails in (_WHOLE, _PARTS))
    return f"{whole} or {parts}"


def change_over_rails(boards: Boards, metric: str, by: str, *matchers: str, ago: str) -> str:
    """By which share that has grown since then, where it is a sum over as many rails as then.

    A meter at the supply is compared with itself only: one that has come since saw nothing of that time. The
    alert on costlier inferences asks for the same.
    """
    changes = (_change(boards(metric, rails, *matchers), by, ago) for rails in (_WHOLE, _PARTS))
    return " or ".join(changes)


def _change(series: str, by: str, ago: str) -> str:
    same = f"{_rails(series, by, '')} == {_rails(series, by, ago)}"
    return f"({_sum(series, by, '')} / ({_sum(series, by, ago)} > 0) - 1 and ({same}))"


def _rails(series: str, by: str, ago: str) -> str:
    """How many there were in the day of the medians."""
    offset = f" offset {ago}" if ago else ""
    return f"count by ({by}) (last_over_time({series}[1d]{offset}))"


def _sum(series: str, by: str, ago: str) -> str:
    return f"sum by ({by}) ({median(series, ago)})"
