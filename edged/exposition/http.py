"""Serves the metrics over HTTP, from threads of its own."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

from cheroot.wsgi import Server
from prometheus_client.registry import CollectorRegistry

from edged.errors import EdgedError
from edged.exposition.address import Address
from edged.exposition.pages import pages

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

log = logging.getLogger(__name__)

# Prometheus, its stand-by and a person at a browser; each thread costs memory.
_THREADS = 3
_BACKLOG = 16
_HEADER_BYTES = 16 << 10
# A scrape has no body; cheroot takes 0 for no limit.
_BODY_BYTES = 1
# Ending takes this long at most, and half a second until the listening thread notices.
_SHUTDOWN_S = 0.3


class MetricsServer:
    """A running server.

    Args:
        registry: What it serves.
        address: Where it listens; port 0 takes any free one.
        timeout_s: A client that takes longer over its request or the answer is sent away.
        routes: What answers further paths; see `pages`.
        unready: Tells in a few words why it is not ready; None when it is.

    Raises:
        EdgedError: If it cannot listen there.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        address: Address,
        timeout_s: float = 5.0,
        *,
        routes: "Mapping[str, WSGIApplication] | None" = None,
        unready: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Listen, and answer from now on."""
        self._server = _Server(
            (address.host, address.port),
            pages(registry, routes, unready),
            numthreads=_THREADS,
            max=_THREADS,
            request_queue_size=_BACKLOG,
            timeout=timeout_s,  # type: ignore[arg-type] # any number of seconds will do
            shutdown_timeout=_SHUTDOWN_S,  # type: ignore[arg-type]
            server_name="edged",
        )
        self._server.max_request_header_size = _HEADER_BYTES
        self._server.max_request_body_size = _BODY_BYTES
        try:
            self._server.prepare()
        except OSError as error:
            raise _cannot_listen(address, error) from error
        self.address = Address(address.host, self._server.bind_addr[1])
        self._thread = threading.Thread(target=self._server.serve, name="http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; a scrape under way gets a moment to end."""
        self._server.stop()
        self._thread.join()

    def __enter__(self) -> Self:
        """Serve inside a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at its end."""
        self.close()


class _Server(Server):
    """Cheroot's server, its errors in our log."""

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """Bind a socket; close one that cannot be bound, which cheroot leaves to the garbage collector."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log an error instead of writing it to standard error."""
        log.log(level, "%s", msg, exc_info=traceback)


def _cannot_listen(address: Address, error: OSError) -> EdgedError:
    # Cheroot puts the errors of all attempts into one message: "... [Errno 98] Address already in use)".
    reasons = re.findall(r"\[Errno -?\d+\] ([^)]+)", str(error)) or [str(error)]
    return EdgedError(
        f"cannot listen on {address}: {reasons[-1]}",
        where="exposition.listen",
        remedy="choose another address and port, or end what listens there",
    )
