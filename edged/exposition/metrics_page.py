"""`/metrics`: rendered once for each snapshot and format, however many ask."""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from edged.exposition.gzip_parts import GzipParts
from edged.exposition.text import OPENMETRICS, PLAIN, Texts

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


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
        self._gzip = GzipParts()
        self._snapshot: object = None
        self._parts: dict[str, list[bytes]] = {}
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
                self._parts = {}
                self._rendered = {}
            if kind not in self._parts:
                self._parts[kind] = self._text(kind, self._registry)
            if (kind, zipped) not in self._rendered:
                self._rendered[kind, zipped] = self._whole(self._parts[kind], zipped=zipped)
            return self._rendered[kind, zipped]

    def _some(self, kind: str, names: Sequence[str], *, zipped: bool) -> bytes:
        with self._lock:  # who asks for many of these does not get more than one CPU
            return self._whole(self._text(kind, self._registry.restricted_registry(names)), zipped=zipped)

    def _text(self, kind: str, collector: Collector) -> list[bytes]:
        metrics = collector.collect()
        return self._texts.openmetrics(metrics) if kind == OPENMETRICS else self._texts.plain(metrics)

    def _whole(self, parts: list[bytes], *, zipped: bool) -> bytes:
        return self._gzip.compress(parts) if zipped else b"".join(parts)


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip (RFC 9110): named, and not with a weight of zero."""
    for each in accept_encoding.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
