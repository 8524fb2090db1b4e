"""Takes connections, as many as the limits allow, and has their requests answered.

One thread moves the bytes of all clients, so that a thousand slow ones hold no thread at all. A few others
work out the answers, which never wait for a client.
"""

import asyncio
import contextlib
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from edged.exposition.connection import Connection
from edged.exposition.encryption import Encryption
from edged.exposition.exchange import Exchange
from edged.exposition.limits import Limits

log = logging.getLogger(__name__)

# Out of file descriptors or memory: others need this long to give some back.
_AFTER_ERROR_S = 0.2
# A renewed certificate is served so much later at most; the old one holds for weeks yet.
_RENEW_S = 30.0
# A scrape under way when the server ends gets this long.
_LAST_ANSWERS_S = 0.7


class Front:
    """Serves a listening socket until it is told to stop.

    Args:
        listening: Where clients come; closed at the end.
        exchange: Answers requests.
        limits: How much of the board the clients may take.
        encryption: Encrypts connections; None for clear text.
    """

    def __init__(
        self,
        listening: socket.socket,
        exchange: Exchange,
        limits: Limits,
        encryption: Encryption | None = None,
    ) -> None:
        """Nothing is accepted yet."""
        self._listening = listening
        self._exchange = exchange
        self._limits = limits
        self._encryption = encryption
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._renew_now = asyncio.Event()
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="http answer")
        self._tasks: set[asyncio.Task[None]] = set()
        # Connections that wait for their clients, and since when on the loop's clock; the oldest first.
        self._waiting: dict[Connection, float] = {}
        self._change = asyncio.Event()
        self._asked_s: float | None = None

    def run(self) -> None:
        """Serve until `stop` is called; in a thread of its own."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())
        self._threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Take no more connections, give those under way a moment, and end; from any thread."""
        self._loop.call_soon_threadsafe(self._stop.set)

    def renew(self) -> None:
        """Look for changed certificates now; returns at once, from any thread."""
        with contextlib.suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._renew_now.set)

    def blocked_s(self) -> float:
        """How long the loop has not come round since it was asked, in seconds; from one other thread."""
        if self._asked_s is None:
            self._asked_s = self._loop.time()
            with contextlib.suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._come_round)
            return 0.0
        return self._loop.time() - self._asked_s

    def _come_round(self) -> None:
        self._asked_s = None

    async def _serve(self) -> None:
        self._listening.setblocking(False)
        serving = asyncio.gather(self._accept(), self._renew())
        await self._stop.wait()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        self._listening.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_ANSWERS_S)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._room()
            try:
                accepted, peer = await self._come()
            except ConnectionError:
                continue  # the client has gone already
            except OSError as error:
                log.warning("cannot take a connection: %s", error.strerror)
                self._end_oldest()
                await asyncio.sleep(_AFTER_ERROR_S)
                continue
            task = loop.create_task(self._connected(Connection(accepted, peer, self._limits)))
            self._tasks.add(task)
            task.add_done_callback(self._gone)

    async def _come(self) -> tuple[socket.socket, Any]:
        """The next connection. `loop.sock_accept` may lose one when it is cancelled; this does not.

        Who is not taken when edged ends waits in the backlog of systemd's socket for the next edged.
        """
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0)
            try:
                accepted, peer = self._listening.accept()
            except BlockingIOError:
                came = asyncio.Event()
                loop.add_reader(self._listening, came.set)
                try:
                    await came.wait()
                finally:
                    loop.remove_reader(self._listening)
            else:
                accepted.setblocking(False)
                return accepted, peer

    async def _renew(self) -> None:
        while self._encryption:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._renew_now.wait(), _RENEW_S)
            self._renew_now.clear()
            await self._loop.run_in_executor(self._threads, self._encryption.renew)

    async def _room(self) -> None:
        """Wait until there may be one more connection; the oldest gives way."""
        while len(self._tasks) >= self._limits.connections:
            since_s = next(iter(self._waiting.values()), self._loop.time())
            wait_s = since_s + self._limits.grace_s - self._loop.time()
            if wait_s <= 0:
                self._end_oldest()
            self._change.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._change.wait(), max(wait_s, _AFTER_ERROR_S))

    def _end_oldest(self) -> None:
        oldest = next(iter(self._waiting), None)
        if oldest:
            del self._waiting[oldest]
            oldest.end()

    async def _connected(self, connection: Connection) -> None:
        async def answer(request: bytes, client: str) -> list[bytes]:
            self._waiting.pop(connection, None)
            pieces = await self._loop.run_in_executor(self._threads, self._exchange.answer, request, client)
            self._waiting[connection] = self._loop.time()
            return pieces

        self._waiting[connection] = self._loop.time()
        try:
            await connection.serve(self._encryption.context() if self._encryption else None, answer)
        finally:
            self._waiting.pop(connection, None)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._change.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a connection ended by a fault of ours", exc_info=error)
