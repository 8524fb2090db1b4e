"""Reads attributes of sysfs and procfs below any root directory, and says exactly what went wrong.

Drivers answer a read with all sorts of errors, and an attribute may be missing, empty or no number.
Each of these is one `SysfsError` here. Reads go through `os.read` on a raw descriptor: a buffered
`open().read()` raises `TypeError` where a driver answers EAGAIN, as `exynos_tmu` does.
"""

import errno
import os
import re
from pathlib import Path

from edged.errors import EdgedError, in_words

# An attribute is at most a page long; `time_in_state` of a long frequency table stays far below it.
# /proc/cpuinfo of a large server is not.
MAX_ATTRIBUTE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 13
_DIGITS = re.compile(r"(\d+)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)


class SysfsError(EdgedError):
    """An attribute could not be read as what it should be.

    Args:
        path: The attribute, as an absolute path of the machine (without the root).
        what: What is wrong with it.
        code: The `errno` of the failed call; `errno.EINVAL` where the content is not what it should be.
    """

    def __init__(self, path: str, what: str, code: int) -> None:
        """Keep the error number: callers tell an absent attribute from a failing one."""
        super().__init__(what, where=path)
        self.path = path
        self.code = code

    @classmethod
    def not_understood(cls, path: str, what: str) -> "SysfsError":
        """The attribute at `path`, relative to the root, was read but is not what it should be."""
        return cls(f"/{path}", what, errno.EINVAL)

    @classmethod
    def unreadable(cls, path: str, error: OSError) -> "SysfsError":
        """The attribute at `path`, relative to the root, could not be read."""
        return cls(f"/{path}", f"cannot be read: {in_words(error)}", error.errno or errno.EIO)

    @property
    def absent(self) -> bool:
        """Whether there is no such attribute, which on most boards is no fault."""
        return self.code in {errno.ENOENT, errno.ENOTDIR}


class Sysfs:
    """The attribute files below a root directory.

    Paths are given without a leading slash and relative to the root: `sys/class/thermal`.

    Args:
        root: Where the machine's file system begins; `/` for the machine itself.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        """Only remember the root: nothing is read before it is asked for."""
        self.root = root
        self._prefix = os.path.join(root, "")

    def read(self, path: str) -> str:
        """The text of an attribute, without surrounding white space and NUL bytes.

        Raises:
            SysfsError: If it cannot be read, or is empty.
        """
        text = self.read_bytes(path).decode("utf-8", errors="replace").strip("\0 \t\r\n")
        if not text:
            raise SysfsError.not_understood(path, "is empty")
        return text

    def read_bytes(self, path: str) -> bytes:
        """The content of an attribute as it is.

        Raises:
            SysfsError: If it cannot be read.
        """
        try:
            return self._read_file(path)
        except OSError as error:
            raise SysfsError.unreadable(path, error) from error

    def read_int(self, path: str) -> int:
        """The attribute as a decimal whole number.

        Raises:
            SysfsError: If it cannot be read, or is not one decimal number.
        """
        text = self.read(path)
        if not _NUMBER.fullmatch(text):
            raise SysfsError.not_understood(path, f"reads {text[:40]!r}, which is not a number")
        return int(text)

    def children(self, path: str) -> list[str]:
        """Names in a directory, numbers in them sorted as numbers; none where there is no directory."""
        try:
            names = os.listdir(self.root / path)
        except OSError:
            return []
        return sorted(names, key=_with_numbers)

    def exists(self, path: str) -> bool:
        """Whether there is such a file or directory, links followed."""
        try:
            return (self.root / path).exists()
        except OSError:  # a directory on the way may not be entered
            return False

    def link(self, path: str) -> str | None:
        """Where a symbolic link points, as written in it; None if this is no link."""
        try:
            return os.readlink(self.root / path)
        except OSError:
            return None

    def real_path(self, path: str) -> str:
        """The path with all links followed, without the root.

        Raises:
            SysfsError: If it does not exist, its links go round in a loop, or it leads out of the root.
        """
        try:
            real = Path(os.path.realpath(self.root / path, strict=True))
            return str(real.relative_to(os.path.realpath(self.root)))
        except OSError as error:
            raise SysfsError.unreadable(path, error) from error
        except ValueError as error:
            raise SysfsError(
                f"/{path}", "is a link that leads out of the root directory", errno.EXDEV
            ) from error

    def _read_file(self, path: str) -> bytes:
        descriptor = os.open(self._prefix + path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            content = os.read(descriptor, _BLOCK_BYTES)
            while len(content) < MAX_ATTRIBUTE_BYTES and (block := os.read(descriptor, _BLOCK_BYTES)):
                content += block
            return content
        finally:
            os.close(descriptor)


def _with_numbers(name: str) -> list[int | str]:
    """For sorting: every second part is a run of digits."""
    return [int(part) if i % 2 else part for i, part in enumerate(_DIGITS.split(name))]
