"""Which path gives which part of the page. Nothing on it comes from, or may come from, anywhere else."""

import hashlib
from collections.abc import Callable, Iterable
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from edged.exposition.page.summary import summary
from edged.exposition.snapshot import Snapshot

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page_routes(latest: Callable[[], Snapshot]) -> "dict[str, WSGIApplication]":
    """The page at `/`, and its files below `/page/`.

    Args:
        latest: Gives the newest snapshot; must not wait for anything.
    """
    directory = files(__package__)
    template = Template(directory.joinpath("index.html").read_text(encoding="utf-8"))
    routes: dict[str, WSGIApplication] = {"/": _home(template, latest)}
    for file in directory.iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in _TYPES:
            routes[f"/page/{file.name}"] = _file(file.read_bytes(), _TYPES[suffix])
    return routes


def _home(template: Template, latest: Callable[[], Snapshot]) -> "WSGIApplication":
    def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG001
        body = summary(template, latest()).encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", _POLICY),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response("200 OK", headers)
        return [body]

    return page


def _file(body: bytes, content_type: str) -> "WSGIApplication":
    """A file that browsers keep, and ask about each time: another edged may be installed meanwhile."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers = [("ETag", tag), ("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")]
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start_response("304 Not Modified", headers)
            return []
        start_response(
            "200 OK", [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers]
        )
        return [body]

    return page
