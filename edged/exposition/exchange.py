"""From the bytes of a request to the bytes of its answer, by cheroot's parser and WSGI gateway, in memory."""

import logging
from io import BytesIO
from typing import TYPE_CHECKING

from cheroot.server import HTTPConnection
from cheroot.wsgi import Server

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

log = logging.getLogger(__name__)

# No page here takes a body; cheroot reads 0 as no limit.
_BODY_BYTES = 1


class Exchange:
    """Answers requests that have arrived whole; it never waits for a client. Any thread may ask.

    Args:
        application: What answers.
        header_bytes: Longest request line with headers; a longer one is refused.
        encrypted: Whether the clients came by TLS.
    """

    def __init__(self, application: "WSGIApplication", *, header_bytes: int, encrypted: bool) -> None:
        """Set cheroot up; it gets no socket, and starts no thread."""
        self._server = _Parser(("localhost", 0), application, server_name="edged")
        self._server.software = "edged"
        self._server.max_request_header_size = header_bytes
        self._server.max_request_body_size = _BODY_BYTES
        self._ssl_env = {"wsgi.url_scheme": "https", "HTTPS": "on"} if encrypted else {}

    def answer(self, request: bytes, client: str) -> list[bytes]:
        """What to send back, in pieces: a page that many ask for is not copied for each of them.

        Args:
            request: All of it up to the end of its headers, or as much as a longer one may have.
            client: Address of the client, for those who count failures.
        """
        written = _Pieces()
        streams = {"rb": BytesIO(request), "wb": written}
        connection = HTTPConnection(self._server, None, lambda _socket, mode, _size: streams[mode])
        connection.remote_addr = client
        connection.ssl_env = self._ssl_env
        connection.communicate()  # type: ignore[no-untyped-call]
        return written.pieces


class _Pieces:
    """A file that keeps what is written to it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(piece)
        return len(piece)


class _Parser(Server):
    """Cheroot's server, of which only what understands HTTP is used; its errors in our log."""

    # One request a connection: between two scrapes it would only be held open.
    can_add_keepalive_connection = False

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log an error instead of writing it to standard error."""
        log.log(level, "%s", msg, exc_info=traceback)


def refusal(status: str, said: str) -> bytes:
    """An answer for a client whose request never became one.

    Args:
        status: Such as "408 Request Timeout".
        said: One sentence for people.
    """
    body = f"{said}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\nServer: edged\r\n\r\n".encode() + body
