"""A local server of archives that can misbehave in every way a server can."""

import io
import re
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What the server does; tests change it between requests.

    Attributes:
        content: What is at every address.
        cuts: Number of bytes after which the connection is cut, one for each request; then no more.
        status: An answer other than 200.
        location: Where it redirects to.
        ranges: Whether it can continue in the middle.
        wrong_range: Whether it sends another part than it was asked for.
        length: A wrong Content-Length.
        requests: Paths and ranges it was asked for.
    """

    content: bytes = b""
    cuts: list[int] = field(default_factory=list)
    status: int = 200
    location: str = ""
    ranges: bool = True
    wrong_range: bool = False
    length: int | None = None
    requests: list[tuple[str, str]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour

    def do_GET(self) -> None:
        does = self.behaviour
        asked = self.headers.get("Range", "")
        does.requests.append((self.path, asked))
        if does.status != 200:
            self.send_response(does.status)
            if does.location:
                self.send_header("Location", does.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(re.sub(r"\D", "", asked) or 0) if does.ranges else 0
        if start >= len(does.content) > 0:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        rest = does.content[start:]
        self.send_response(206 if start else 200)
        if start:
            said = 0 if does.wrong_range else start
            self.send_header("Content-Range", f"bytes {said}-{len(does.content) - 1}/{len(does.content)}")
        self.send_header("Content-Length", str(does.length if does.length is not None else len(rest)))
        self.end_headers()
        self.wfile.write(rest[: does.cuts.pop(0)] if does.cuts else rest)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Serve on the loopback; gives the base address."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/models"
        finally:
            server.shutdown()
            thread.join()


def archive(*members: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    """A `.tgz` with these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for member, content in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            if info.isreg():
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()
