"""Answers only those who have a name and a password (RFC 7617)."""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from edged.clock import NS_PER_S, Clock
from edged.exposition.password import fits, unfitting

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Who had a wrong password may have the next one looked at so much later.
_AFTER_FAILURE_NS = NS_PER_S
_MOST_CLIENTS = 256
# One is hashed and one waits; the other threads are free for those who are known.
_MOST_HASHING = 2

_Headers = list[tuple[str, str]]
_TEXT = ("Content-Type", "text/plain; charset=utf-8")
_ASK: _Headers = [("WWW-Authenticate", 'Basic realm="edged", charset="UTF-8"')]
_LATER: _Headers = [("Retry-After", "1")]


class BasicAuth:
    """A WSGI application before another one.

    Hashing is made to be slow. So the last success of each user is remembered, under a key that never leaves
    the process, one password is hashed at a time, and each client may be wrong once a second: who tries many
    cannot take the board's CPUs.

    Attributes:
        users: Hash of the password by name; any thread may put others in their place, which hold from the
            next request on.

    Args:
        application: What answers those who may ask.
        users: Hash of the password by name; empty to let everybody in.
        clock: Times the failures.
    """

    def __init__(self, application: "WSGIApplication", users: Mapping[str, str], clock: Clock) -> None:
        """Let nobody in yet."""
        self._application = application
        self.users = users
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._known: dict[str, bytes] = {}
        self._hashing = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_HASHING)
        # When each client was wrong last, the longest ago first.
        self._failed_ns: OrderedDict[str, int] = OrderedDict()
        # For names that nobody has: it takes as long to refuse them.
        self._nobody = unfitting()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, or refuse."""
        users = self.users
        if not users:
            return self._application(environ, start_response)
        credentials = _credentials(environ.get("HTTP_AUTHORIZATION", ""))
        if credentials is None:
            said = "A name and a password are needed here."
            return _refuse(environ, start_response, "401 Unauthorized", said, _ASK)
        name, password = credentials
        hash_ = users.get(name, self._nobody)
        # With the hash: who gets another password is no longer known by the old one.
        digest = hmac.digest(self._key, f"{hash_}\0{password}".encode(), hashlib.sha256)
        if self._was_right(name, digest):
            return self._application(environ, start_response)
        client = environ.get("REMOTE_ADDR", "")
        if self._was_wrong_just_now(client) or not self._places.acquire(blocking=False):
            return _refuse(environ, start_response, "429 Too Many Requests", "Try again in a second.", _LATER)
        try:
            with self._hashing:
                # Another thread may have found out meanwhile.
                right = self._was_right(name, digest) or (fits(password, hash_) and name in users)
        finally:
            self._places.release()
        if right:
            self._known[name] = digest
            return self._application(environ, start_response)
        self._note_failure(client)
        said = "The name or the password is wrong."
        return _refuse(environ, start_response, "401 Unauthorized", said, _ASK)

    def _was_right(self, name: str, digest: bytes) -> bool:
        return hmac.compare_digest(self._known.get(name, b""), digest)

    def _was_wrong_just_now(self, client: str) -> bool:
        failed_ns = self._failed_ns.get(client)
        return failed_ns is not None and self._clock.monotonic_ns() - failed_ns < _AFTER_FAILURE_NS

    def _note_failure(self, client: str) -> None:
        self._failed_ns.pop(client, None)
        self._failed_ns[client] = self._clock.monotonic_ns()
        while len(self._failed_ns) > _MOST_CLIENTS:
            self._failed_ns.popitem(last=False)


def _refuse(
    environ: "WSGIEnvironment", start_response: "StartResponse", status: str, said: str, headers: _Headers
) -> Iterable[bytes]:
    body = f"{said}\n".encode()
    start_response(status, [*headers, _TEXT, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _credentials(header: str) -> tuple[str, str] | None:
    """Name and password in an `Authorization` header; None if it has none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon else None
