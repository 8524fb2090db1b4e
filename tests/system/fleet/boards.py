"""A fleet: one process for each board, on a loopback address of its own, all on one port.

Each scrape is the next one of the recording, 15 s of the board's time later. No two neighbours are at the
same place of it.
"""

import gc
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from multiprocessing.connection import Connection

from edged.exposition.gzip_parts import GzipParts
from edged.exposition.text import OPENMETRICS
from tests.system.fleet.recording import Recording

# Neighbours in the fleet are far apart in the recording: a prime number of scrapes.
_APART = 37


def address(board: int) -> str:
    """The board's own address: 127.10.0.1 and following."""
    return f"127.10.{board // 250}.{board % 250 + 1}"


@contextmanager
def fleet(recording: Recording, boards: int) -> Iterator[list[str]]:
    """Boards that answer until the end; their addresses with the port."""
    with socket.create_server((address(0), 0)) as free:
        port = free.getsockname()[1]
    fork = multiprocessing.get_context("fork")
    # The recording is shared by all as long as nobody writes to its pages.
    gc.collect()
    gc.freeze()
    theirs, ours = fork.Pipe(duplex=False)
    processes = [
        fork.Process(target=_serve, args=(recording, board, port, ours), daemon=True)
        for board in range(boards)
    ]
    try:
        for process in processes:
            process.start()
        for _ in processes:
            if not theirs.poll(60):
                raise TimeoutError("a board does not come up within 60 s")
            theirs.recv()
        yield [f"{address(board)}:{port}" for board in range(boards)]
    finally:
        gc.unfreeze()
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def _serve(recording: Recording, board: int, port: int, ready: Connection) -> None:
    numbers = count(board * _APART % len(recording.texts))
    compressor = GzipParts()

    class Board(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = compressor.compress(recording.parts(next(numbers), time.time()))
            self.send_response(200)
            self.send_header("Content-Type", OPENMETRICS)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever hangs up is Prometheus: it knows why."""

    with Server((address(board), port), Board) as server:
        ready.send(board)
        server.serve_forever()
