"""Sums over rails that count nothing twice.

The same rule as in `edged.tradeoff.inference_energy`: a meter at the board's supply sees all of it; else the
rails add up, but for those of RAPL that are parts of another.
"""

from edged.grafana.query import Boards

_WHOLE = 'rail=~"board|psys"'
_NO_PART = 'rail!~".+/(core|uncore)"'


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
    whole, parts = boards(metric, _WHOLE, *matchers), boards(metric, _NO_PART, *matchers)
    return f"sum by ({by}) ({whole}{offset}) or sum by ({by}) ({parts}{offset})"


def u95_over_rails(boards: Boards, metric: str, by: str, *matchers: str) -> str:
    """U95 of such a sum: the root of the sum of squares, for each rail has a sensor of its own."""
    whole, parts = boards(metric, _WHOLE, *matchers), boards(metric, _NO_PART, *matchers)
    return f"sqrt(sum by ({by}) ({whole} ^ 2) or sum by ({by}) ({parts} ^ 2))"
