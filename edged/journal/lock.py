"""One daemon writes a journal at a time: the others are told which process does.

The lock is a file of its own beside the journal: closing any descriptor of the journal itself would drop
the locks that SQLite holds on it (sqlite.org/howtocorrupt.html, section 2.2). The kernel frees it when the
process ends, however it ends; the file stays.
"""

import contextlib
import fcntl
import os
from pathlib import Path

from edged.errors import EdgedError


class JournalHeldError(EdgedError):
    """Another process writes this journal."""


class JournalLock:
    """The right to write a journal.

    Args:
        journal: The journal's file.
    """

    def __init__(self, journal: Path) -> None:
        """Hold nothing yet."""
        self._journal = journal
        self._path = journal.with_name(f"{journal.name}.lock")
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock, or go on holding it; a file that was removed is made again, with its directory.

        Raises:
            JournalHeldError: If another process has it.
            OSError: If the file cannot be made.
        """
        if self._descriptor is not None and not self._is_current(self._descriptor):
            self.release()
        if self._descriptor is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = self._taken()

    def release(self) -> None:
        """Let others have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def _taken(self) -> int:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise JournalHeldError(
                f"process {holder or 'unknown'} writes this journal already",
                where=str(self._journal),
                remedy="end that edged run, or give this one another journal.path",
            ) from error
        except BaseException:
            os.close(descriptor)
            raise
        # For people and for the words above; on a full disk they stay without it.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        return descriptor

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except OSError:
            return False
