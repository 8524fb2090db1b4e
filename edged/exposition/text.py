"""Metrics as text, in the two formats that Prometheus asks for.

A scrape every few seconds finds nearly all as it was. So the text of a family is kept for as long as
its metric is the same object, and the names and labels of a series for ever: only values are new.
What comes out is what prometheus-client writes, to the byte.
"""

import sys
from collections.abc import Callable, Iterable

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.utils import floatToGoString

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
__all__ = ["OPENMETRICS", "PLAIN", "Texts"]

# A board has some 1,200; where labels change for years, it begins anew.
_MOST_SERIES = 10_000
# The old format knows these types by other words, and counters and infos by their samples' names.
_SUFFIXES = {"counter": "_total", "info": "_info"}
_TYPES = {"info": "gauge", "stateset": "gauge", "gaugehistogram": "histogram", "unknown": "untyped"}

# From here on Go writes exponents.
_GO_EXPONENT = 1e6
_LEAST = -sys.float_info.max

_Series = tuple[str, tuple[str, ...], tuple[str, ...]]


class Texts:
    """Writes metrics, and remembers what it wrote. For one thread at a time.

    Metrics must have what the registry of edged has: no time stamps, no exemplars, no units of their own.
    """

    def __init__(self) -> None:
        """Remember nothing."""
        self._parts: dict[tuple[str, str], tuple[Metric, bytes]] = {}
        self._series: dict[_Series, str] = {}

    def plain(self, metrics: Iterable[Metric]) -> list[bytes]:
        """Prometheus' text format 0.0.4, one part for each family."""
        return [self._part(metric, PLAIN, _plain_head) for metric in metrics]

    def openmetrics(self, metrics: Iterable[Metric]) -> list[bytes]:
        """OpenMetrics 1.0, one part for each family and one for the end."""
        return [*(self._part(metric, OPENMETRICS, _openmetrics_head) for metric in metrics), b"# EOF\n"]

    def _part(self, metric: Metric, kind: str, head: Callable[[Metric], str]) -> bytes:
        known = self._parts.get((kind, metric.name))
        if known is None or known[0] is not metric:
            known = metric, f"{head(metric)}{self._write(metric)}".encode()
            self._parts[kind, metric.name] = known
        return known[1]

    def _write(self, metric: Metric) -> str:
        if len(self._series) > _MOST_SERIES:
            self._series.clear()
        lines = []
        known = self._series
        for name, labels, value, *_ in metric.samples:
            key = name, tuple(labels), tuple(labels.values())
            series = known.get(key) or known.setdefault(key, _series(name, labels))
            lines.append(f"{series} {_number(value)}\n")
        return "".join(lines)


def _plain_head(metric: Metric) -> str:
    name = metric.name + _SUFFIXES.get(metric.type, "")
    said = metric.documentation.replace("\\", r"\\").replace("\n", r"\n")
    return f"# HELP {name} {said}\n# TYPE {name} {_TYPES.get(metric.type, metric.type)}\n"


def _openmetrics_head(metric: Metric) -> str:
    return f"# HELP {metric.name} {_escaped(metric.documentation)}\n# TYPE {metric.name} {metric.type}\n"


def _number(value: float) -> str:
    # Nearly all are of this kind, for which the two are the same.
    return repr(float(value)) if _LEAST < value < _GO_EXPONENT else str(floatToGoString(value))  # type: ignore[no-untyped-call]


def _series(name: str, labels: dict[str, str]) -> str:
    if not labels:
        return name
    shown = ",".join(f'{label}="{_escaped(value)}"' for label, value in sorted(labels.items()))
    return f"{name}{{{shown}}}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
