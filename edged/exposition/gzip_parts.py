"""Text compressed part by part, so that a part which is as it was is not compressed again."""

import struct
import zlib
from collections.abc import Iterable

# RFC 1952: gzip, deflate, no name, no time, a fast compressor, on Unix.
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\x03"
# RFC 1951: a last block with nothing in it.
_END = b"\x03\x00"
# Higher levels take five times as long to save a fifth of the bytes.
_LEVEL = 1
_RAW = -15


class GzipParts:
    """Compresses, and remembers the parts of the last time. For one thread at a time.

    After each part the compressor forgets what it has seen, and fills up its last byte: what it makes of a
    part does not depend on the others, and can stand anywhere.
    """

    def __init__(self) -> None:
        """Remember nothing."""
        self._known: dict[bytes, bytes] = {}

    def compress(self, parts: Iterable[bytes]) -> bytes:
        """One gzip file with all parts, one after the other."""
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        known: dict[bytes, bytes] = {}
        pieces = [_HEADER]
        checksum = size = 0
        for part in parts:
            piece = self._known.get(part)
            if piece is None:
                piece = deflate.compress(part) + deflate.flush(zlib.Z_FULL_FLUSH)
            known[part] = piece
            pieces.append(piece)
            checksum = zlib.crc32(part, checksum)
            size += len(part)
        self._known = known
        return b"".join([*pieces, _END, struct.pack("<LL", checksum, size & 0xFFFFFFFF)])
