"""`/metrics`: rendered once for each snapshot and format, however many ask."""

import gzip
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from edged.exposition.text import OPENMETRICS, PLAIN, Texts

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

# Higher levels take five times as long to save a fifth of the bytes.
_GZIP_LEVEL = 1


class MetricsPage:
    """A WSGI application.

    Args:
        registry: What it exports.
        latest: Gives the newest snapshot, and the same one until there is a newer; None to render each time.
    """

    def __init__(self, registry: CollectorRegistry, latest: Callable[[], object] | None = None) -> None:
        """Nothing is rendered before it is asked for."""
        self._registry = registry
        self._latest = latest or object
        self._lock = threading.Lock()
        self._texts = Texts()
        self._snapshot: object = None
        self._rendered: dict[tuple[str, bool], bytes] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer in the format that is asked for."""
        _, content_type = choose_encoder(environ.get("HTTP_ACCEPT", ""))
        kind = OPENMETRICS if content_type.startswith("application/openmetrics-text") else PLAIN
        zipped = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # Some families only: ?name[]=...
        names = parse_qs(environ.get("QUERY_STRING", "")).get("name[]", [])
        body = self._some(kind, names, zipped=zipped) if names else self._all(kind, zipped=zipped)
        encoding = [("Content-Encoding", "gzip")] if zipped else []
        start_response(
            "200 OK",
            [
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Vary", "Accept, Accept-Encoding"),
                *encoding,
            ],
        )
        return [body]

    def _all(self, kind: str, *, zipped: bool) -> bytes:
        with self._lock:
            snapshot = self._latest()
            if snapshot is not self._snapshot:
                self._snapshot = snapshot
                self._rendered = {}
            if (kind, zipped) not in self._rendered:
                text = self._rendered.get((kind, False)) or self._text(kind, self._registry)
                self._rendered[kind, False] = text
                if zipped:
                    self._rendered[kind, True] = gzip.compress(text, _GZIP_LEVEL, mtime=0)
            return self._rendered[kind, zipped]

    def _some(self, kind: str, names: Sequence[str], *, zipped: bool) -> bytes:
        with self._lock:  # who asks for many of these does not get more than one CPU
            text = self._text(kind, self._registry.restricted_registry(names))
        return gzip.compress(text, _GZIP_LEVEL, mtime=0) if zipped else text

    def _text(self, kind: str, collector: Collector) -> bytes:
        metrics = collector.collect()
        return self._texts.openmetrics(metrics) if kind == OPENMETRICS else self._texts.plain(metrics)


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip (RFC 9110): named, and not with a weight of zero."""
    for each in accept_encoding.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
