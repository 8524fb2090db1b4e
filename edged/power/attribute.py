"""An attribute of sysfs that is read again and again through one kept descriptor.

`os.pread` at offset 0 makes the driver read the chip afresh, costs a twentieth of open, read and
close, and lets a driver's EAGAIN through as itself; a buffered `read()` turns it into `TypeError`.
A descriptor of a device that went away gives ENODEV for ever, even after the device came back.
"""

import errno
import os
import re
from pathlib import Path

from edged.errors import in_words
from edged.power.reading import Rail
from edged.power.sensor import Failure, SensorError

_GONE = frozenset(
    {errno.ENODEV, errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ESTALE, errno.ESHUTDOWN, errno.ELOOP}
)
_NO_ATTRIBUTE = frozenset({errno.ESPIPE, errno.EISDIR, errno.EINVAL})
_NUMBER_BYTES = 128
_NUMBER = re.compile(rb"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(rb"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")


def failure_of(error: OSError) -> Failure:
    """What an error number means for the next read.

    A device that is not there any more is `GONE`. EIO, ENXIO, EAGAIN, ETIMEDOUT, EREMOTEIO,
    ECONNREFUSED, EBUSY and whatever else a bus driver answers are worth another try.
    """
    if error.errno in _GONE:
        return Failure.GONE
    if error.errno in _NO_ATTRIBUTE:
        return Failure.INVALID
    return Failure.TRY_AGAIN


class KeptAttribute:
    """One attribute with its descriptor.

    Args:
        root: Where the machine's file system begins.
        path: The attribute relative to the root.
        rail: The rail that failures are told about.
        denied_remedy: What to do where this user may not read it.

    Raises:
        SensorError: If it cannot be opened.
    """

    def __init__(self, root: Path, path: str, rail: Rail, *, denied_remedy: str = "") -> None:
        """Open it; nothing is read yet."""
        self.where = f"/{path}"
        self._rail = rail
        try:
            # Without O_NONBLOCK a FIFO in a wrong root would hang the reader for ever.
            self._descriptor = os.open(root / path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise SensorError(
                rail,
                failure_of(error),
                f"cannot be opened: {in_words(error)}",
                where=self.where,
                remedy=denied_remedy if error.errno in {errno.EACCES, errno.EPERM} else "",
            ) from error

    def read(self) -> bytes:
        """The content, without surrounding white space and NUL bytes.

        Raises:
            SensorError: If the driver answers with an error.
        """
        try:
            content = os.pread(self._descriptor, _NUMBER_BYTES, 0)
        except OSError as error:
            raise SensorError(
                self._rail, failure_of(error), f"cannot be read: {in_words(error)}", where=self.where
            ) from error
        return content.strip(b"\0 \t\r\n")

    def read_int(self) -> int:
        """The content as a decimal whole number.

        Raises:
            SensorError: If it cannot be read, or is no such number.
        """
        content = self.read()
        if not _NUMBER.fullmatch(content):
            raise self.invalid(f"reads {content[:40]!r}, which is not a whole number")
        return int(content)

    def read_float(self) -> float:
        """The content as a decimal number, with or without a fraction.

        Raises:
            SensorError: If it cannot be read, or is no such number.
        """
        content = self.read()
        if not _DECIMAL.fullmatch(content):
            raise self.invalid(f"reads {content[:40]!r}, which is not a number")
        return float(content)

    def invalid(self, what: str) -> SensorError:
        """The failure to raise where the content is not what it should be."""
        return SensorError(self._rail, Failure.INVALID, what, where=self.where)

    def close(self) -> None:
        """Close the descriptor; reads fail as `GONE` from then on."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def write(root: Path, path: str, text: str) -> bool:
    """Write an attribute; False where it is not there, not allowed, or refused by the driver."""
    try:
        descriptor = os.open(root / path, os.O_WRONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_TRUNC)
    except OSError:
        return False
    try:
        os.write(descriptor, text.encode())
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
