"""Metrics as text, in the two formats that Prometheus asks for.

A scrape every few seconds finds nearly all as it was. So the lines of a family are kept for as long as
its metric is the same object, and the names and labels of a series for ever: only values are new.
What comes out is what prometheus-client writes, to the byte.
"""

import sys
from collections.abc import Iterable

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
        self._lines: dict[str, tuple[Metric, str]] = {}
        self._series: dict[_Series, str] = {}

    def plain(self, metrics: Iterable[Metric]) -> bytes:
        """Prometheus' text format 0.0.4."""
        written = []
        for metric in metrics:
            name = metric.name + _SUFFIXES.get(metric.type, "")
            said = metric.documentation.replace("\\", r"\\").replace("\n", r"\n")
            kind = _TYPES.get(metric.type, metric.type)
            written.append(f"# HELP {name} {said}\n# TYPE {name} {kind}\n{self._lines_of(metric)}")
        return "".join(written).encode()

    def openmetrics(self, metrics: Iterable[Metric]) -> bytes:
        """OpenMetrics 1.0."""
        written = []
        for metric in metrics:
            name, said = metric.name, _escaped(metric.documentation)
            written.append(f"# HELP {name} {said}\n# TYPE {name} {metric.type}\n{self._lines_of(metric)}")
        return "".join([*written, "# EOF\n"]).encode()

    def _lines_of(self, metric: Metric) -> str:
        kept, lines = self._lines.get(metric.name, (None, ""))
        if kept is not metric:
            lines = self._write(metric)
            self._lines[metric.name] = metric, lines
        return lines

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
