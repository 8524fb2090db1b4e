"""What each path answers: a WSGI application without state of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from prometheus_client.registry import CollectorRegistry

from edged.exposition.metrics_page import MetricsPage

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_TEXT = "text/plain; charset=utf-8"
_HOME = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>edged</title>
<h1>edged</h1>
<p>What does one inference cost here, now, in milliseconds and in joules?</p>
<p><a href="/metrics">Metrics</a></p>
</html>
"""


def pages(
    registry: CollectorRegistry,
    routes: "Mapping[str, WSGIApplication] | None" = None,
    unready: Callable[[], str | None] = lambda: None,
    latest: Callable[[], object] | None = None,
) -> "WSGIApplication":
    """The application: `/metrics`, `/-/healthy`, `/-/ready` and further pages.

    Args:
        registry: What `/metrics` exports, as text or OpenMetrics, as the client asks.
        routes: What answers further paths, such as `/` or `/api/v1/status`; it is asked for GET only.
        unready: Tells in a few words why it is not ready; None when it is.
        latest: Gives the newest snapshot: `/metrics` is rendered once for each; None to render each time.
    """
    paths: dict[str, WSGIApplication] = {
        "/": _fixed(_HOME, "text/html; charset=utf-8"),
        **(routes or {}),
        "/metrics": MetricsPage(registry, latest),
        "/-/healthy": _fixed(b"edged is healthy.\n", _TEXT),
        "/-/ready": _readiness(unready),
    }

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        page = paths.get(environ.get("PATH_INFO") or "/")
        if method not in {"GET", "HEAD"}:
            page = _fixed(b"Only GET and HEAD are answered here.\n", _TEXT, "405 Method Not Allowed", _ALLOW)
        elif page is None:
            page = _fixed(b"There is no such page; the metrics are at /metrics.\n", _TEXT, "404 Not Found")
        # What answers GET is asked in both cases, and a HEAD gets the headers only.
        answer = page({**environ, "REQUEST_METHOD": "GET"}, start_response)
        return [] if method == "HEAD" else answer

    return application


_ALLOW = (("Allow", "GET, HEAD"),)


def _readiness(unready: Callable[[], str | None]) -> "WSGIApplication":
    def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        why = unready()
        if why is None:
            answer = _fixed(b"edged is ready.\n", _TEXT)
        else:
            answer = _fixed(f"edged is not ready: {why}.\n".encode(), _TEXT, "503 Service Unavailable")
        return answer(environ, start_response)

    return page


def _fixed(
    body: bytes, content_type: str, status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()
) -> "Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]":
    def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG001
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers])
        return [body]

    return page
