"""Servers as processes of their own, and somebody who receives what Alertmanager sends."""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Message:
    """What Alertmanager sent.

    Attributes:
        receiver: The last part of the address that it was sent to.
        alerts: Name and state of each alert in it.
        labels: Labels of each alert in it.
    """

    receiver: str
    alerts: tuple[tuple[str, str], ...]
    labels: tuple[dict[str, str], ...]


@dataclass(slots=True)
class Webhook:
    """Receives what Alertmanager sends."""

    messages: list[Message] = field(default_factory=list)

    def heard(self, name: str, state: str) -> bool:
        """Whether an alert was received in a state."""
        return any((name, state) in message.alerts for message in tuple(self.messages))

    def take(self, path: str, body: dict[str, Any]) -> None:
        """Take a message."""
        alerts = body["alerts"]
        states = tuple((each["labels"]["alertname"], each["status"]) for each in alerts)
        self.messages.append(Message(path.strip("/"), states, tuple(each["labels"] for each in alerts)))


def ask(address: str) -> Any:
    """The answer of an HTTP API, as JSON."""
    with _OPENER.open(address, timeout=30) as answer:
        return json.loads(answer.read())


def wait_for(happened: Callable[[], bool], patience_s: float, what: str) -> None:
    """Wait until something has happened."""
    until_s = time.monotonic() + patience_s
    while not happened():
        assert time.monotonic() < until_s, f"{what} never happened"
        time.sleep(0.5)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def receiving() -> Iterator[tuple[Webhook, int]]:
    """Who receives, and at which port."""
    webhook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.take(self.path, json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield webhook, server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(name: str, *words: str, port: int, directory: Path) -> Iterator[str]:
    """The address of a server that is ready.

    Args:
        name: Its command.
        words: Its arguments, without the address.
        port: Where it listens.
        directory: Where it starts and leaves its log.
    """
    program = shutil.which(name)
    assert program
    with (directory / f"{Path(name).name}.log").open("w") as log:
        process = subprocess.Popen(
            [program, *words, f"--web.listen-address=127.0.0.1:{port}"],
            cwd=directory,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: _ready(address), 60, f"{name} is ready")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(address: str) -> bool:
    try:
        with _OPENER.open(f"{address}/-/ready", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
