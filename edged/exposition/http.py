"""Serves the metrics over HTTP, from threads of its own."""

import socket
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

from prometheus_client.registry import CollectorRegistry

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.basic_auth import BasicAuth
from edged.exposition.encryption import Encryption
from edged.exposition.exchange import Exchange
from edged.exposition.front import Front
from edged.exposition.limits import Limits
from edged.exposition.listening import address_of, check_listening, listen
from edged.exposition.pages import pages
from edged.exposition.safe_headers import with_safe_headers
from edged.exposition.tls_files import TlsFiles

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

# A scrape under way gets 0.7 s of these.
_END_S = 1.0


class MetricsServer:
    """A running server.

    Args:
        registry: What it serves.
        address: Where it listens; port 0 takes any free one.
        limits: How much of the board the clients may take.
        routes: What answers further paths; see `pages`.
        unready: Tells in a few words why it is not ready; None when it is.
        latest: Gives the newest snapshot: `/metrics` is rendered once for each; None to render each time.
        tls: Encrypts; None to serve in clear text.
        users: Hash of the password of each user by name; empty to answer everybody.
        listening: A socket that listens already, such as systemd's, instead of `address`; closed at the end.

    Raises:
        EdgedError: If it cannot listen there.
        UsageError: If a file that TLS takes cannot be used.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        address: Address,
        limits: Limits | None = None,
        *,
        routes: "Mapping[str, WSGIApplication] | None" = None,
        unready: Callable[[], str | None] = lambda: None,
        latest: Callable[[], object] | None = None,
        tls: TlsFiles | None = None,
        users: Mapping[str, str] | None = None,
        listening: socket.socket | None = None,
    ) -> None:
        """Listen, and answer from now on."""
        limits = limits or Limits()
        application = pages(registry, routes, unready, latest)
        self._auth = BasicAuth(application, users or {}, SystemClock())
        exchange = Exchange(
            with_safe_headers(self._auth), header_bytes=limits.header_bytes, encrypted=bool(tls)
        )
        encryption = Encryption(tls) if tls else None
        if listening:
            check_listening(listening)
        else:
            listening = listen(address)
        self.address = address_of(listening)
        self._scheme = "https" if tls else "http"
        self._front = Front(listening, exchange, limits, encryption)
        self._thread = threading.Thread(target=self._front.run, name="http", daemon=True)
        self._thread.start()

    @property
    def metrics_url(self) -> str:
        """Where a browser finds the metrics."""
        return f"{self._scheme}://{self.address}/metrics"

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def blocked_s(self) -> float:
        """How long the thread has not come round since it was asked, in seconds; ask again and again."""
        return self._front.blocked_s()

    def admit(self, users: Mapping[str, str]) -> None:
        """From the next request on answer these users; returns at once, from any thread.

        Args:
            users: Hash of the password of each user by name; empty to answer everybody.
        """
        self._auth.users = users

    def renew(self) -> None:
        """Look now for certificates that have changed, as is done twice a minute; returns at once."""
        self._front.renew()

    def close(self) -> None:
        """Stop listening; a scrape under way gets a moment to end."""
        self._front.stop()
        # A thread that is stuck must not hold up the end of the process.
        self._thread.join(_END_S)

    def __enter__(self) -> Self:
        """Serve inside a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at its end."""
        self.close()
