"""Headers that every answer has, so that a browser takes it for nothing but what it is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    # No page runs or loads anything unless it says so itself, and none is shown inside another.
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)


def with_safe_headers(application: "WSGIApplication") -> "WSGIApplication":
    """The application, its answers with these headers where they have none of the kind."""

    def safe(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:  # noqa: ANN401
            named = {name.lower() for name, _ in headers}
            added = [header for header in _HEADERS if header[0].lower() not in named]
            return start_response(status, [*headers, *added], *error)

        return application(environ, start)

    return safe
