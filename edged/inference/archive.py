"""Takes one file out of a `.tgz` archive, by name, and nothing else.

Nothing in the archive decides what is written or where: the wanted member must be a plain file, its
content is returned, and links, paths and everything else in the archive are passed over.
"""

import gzip
import tarfile
import zlib
from pathlib import Path

from edged.errors import EdgedError

MAX_MEMBER_BYTES = 64 << 20  # the largest published model has 17 MB
MAX_UNPACKED_BYTES = 512 << 20  # with the training checkpoints beside it, some 100 MB
_MAX_MEMBERS = 1000


class _Limited:
    """The unpacked archive, up to a limit: a small archive may unpack to anything."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._left = MAX_UNPACKED_BYTES

    def read(self, size: int) -> bytes:
        block = self._file.read(min(size, self._left + 1))
        self._left -= len(block)
        if self._left < 0:
            raise EdgedError(f"unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB")
        return block


def member_of(archive: Path, wanted: str) -> bytes:
    """The content of the archive's member `wanted`.

    Raises:
        EdgedError: If the archive cannot be read, or has no such plain file of a reasonable size.
    """
    try:
        with gzip.open(archive) as unpacked, tarfile.open(fileobj=_Limited(unpacked), mode="r|") as tar:  # type: ignore[call-overload]
            return _content(tar, wanted)
    except EdgedError as error:
        raise EdgedError(error.what, where=str(archive)) from error
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise EdgedError(f"cannot be unpacked: {error}", where=str(archive)) from error


def _content(tar: tarfile.TarFile, wanted: str) -> bytes:
    for number, member in enumerate(tar):
        if number >= _MAX_MEMBERS:
            break
        if member.name.removeprefix("./") != wanted:
            continue
        file = tar.extractfile(member) if member.isreg() else None
        if file is None:
            raise EdgedError(f"has {wanted} in it, but not as a plain file")
        if member.size > MAX_MEMBER_BYTES:
            raise EdgedError(f"has a {wanted} of {member.size} bytes in it, which is too large")
        return file.read()
    raise EdgedError(f"has no {wanted} in it")
