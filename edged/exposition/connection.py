"""One client, from its handshake to its end, without a thread of its own.

```
 handshake ─▶ request ─▶ answer is worked out ─▶ answer is taken ─▶ until the client has closed
 └──── Limits.request_s ────┘  by a thread     └─── answer_s ───┘   └──────── LINGER_S ────────┘
```
"""

import asyncio
import contextlib
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from edged.exposition.exchange import refusal
from edged.exposition.limits import Limits

log = logging.getLogger(__name__)

# A client that still sends would lose its answer if its connection ended at once: it gets so much more time.
_LINGER_S = 1.0
_LINGER_BYTES = 256 << 10
# What is written at once; a client that takes its answer slowly costs us no more than that twice.
_PIECE_BYTES = 16 << 10
_SEND_BUFFER_BYTES = 32 << 10
_FIRST_LINE = re.compile(rb"\r?\n?[^\n]* HTTP/[0-9.]+\r?")


class Connection:
    """One client's connection; for one request.

    Args:
        accepted: Its socket.
        peer: Its address, as `accept` gives it.
        limits: How much time and room it has.
    """

    def __init__(self, accepted: socket.socket, peer: Any, limits: Limits) -> None:  # noqa: ANN401
        """Nothing is read yet."""
        self.client: str = peer[0] if isinstance(peer, tuple) else "a process of this machine"
        self._socket = accepted
        self._limits = limits
        # Else the kernel would hold megabytes for each client that takes its answer slowly.
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    async def serve(
        self, context: ssl.SSLContext | None, answer: Callable[[bytes, str], Awaitable[list[bytes]]]
    ) -> None:
        """Take the request, answer it, and close the connection.

        Args:
            context: Encrypts; None for clear text.
            answer: Works out what to send back to a client of that address.
        """
        writer = None
        try:
            try:
                async with asyncio.timeout(self._limits.request_s):
                    reader, writer = await self._open(context)
                    request = await _request(reader, self._limits.header_bytes)
            except TimeoutError:
                if writer:
                    await self._send(writer, [_TOO_SLOW])
                return
            if request:
                await self._send(writer, await answer(request, self.client))
                await _linger(reader, writer)
        except OSError as error:  # ssl.SSLError is one, and TimeoutError
            log.debug("the connection of %s failed: %s", self.client, error)
        finally:
            if writer:
                writer.transport.abort()
            else:
                self._socket.close()

    def end(self) -> None:
        """Have whatever goes on find the connection closed."""
        with contextlib.suppress(OSError):  # it has gone already
            self._socket.shutdown(socket.SHUT_RDWR)

    async def _open(
        self, context: ssl.SSLContext | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(self._limits.header_bytes, loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol,
            self._socket,
            ssl=context,
            ssl_handshake_timeout=self._limits.request_s if context else None,
            ssl_shutdown_timeout=_LINGER_S if context else None,
        )
        # A piece is taken only when the kernel has all of the one before.
        transport.set_write_buffer_limits(high=1, low=0)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    async def _send(self, writer: asyncio.StreamWriter, pieces: list[bytes]) -> None:
        async with asyncio.timeout(self._limits.answer_s):
            for piece in pieces:
                view = memoryview(piece)
                for start in range(0, len(piece), _PIECE_BYTES):
                    writer.write(view[start : start + _PIECE_BYTES])
                    await writer.drain()


async def _request(reader: asyncio.StreamReader, header_bytes: int) -> bytes:
    """The request up to the end of its headers, or as much as shows that it is none; b"" if it never came."""
    request = bytearray()
    while len(request) <= header_bytes and not _is_whole(request):
        block = await reader.read(header_bytes + 1)
        if not block:
            return b""
        request += block
    return bytes(request)


def _is_whole(request: bytearray) -> bool:
    if b"\n\r\n" in request or b"\n\n" in request:
        return True
    # Such as HTTP/0.9, which has no headers: nothing more will come.
    line, newline, _ = request.lstrip(b"\r\n").partition(b"\n")
    return bool(newline) and not _FIRST_LINE.fullmatch(line)


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            if not writer.can_write_eof():  # TLS says goodbye in its own way
                writer.close()
                await writer.wait_closed()
                return
            writer.write_eof()
            left = _LINGER_BYTES
            while left > 0 and (block := await reader.read(_PIECE_BYTES)):
                left -= len(block)


_TOO_SLOW = refusal("408 Request Timeout", "The request did not arrive in time.")
