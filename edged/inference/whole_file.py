"""Writes a file wholly or not at all: whoever opens it sees the old content or the new one."""

import os
import tempfile
from pathlib import Path

from edged.errors import EdgedError


def write_whole(path: Path, content: bytes, remedy: str = "") -> None:
    """Write `content` to a temporary file beside `path`, put it on the disk, and rename it.

    What is there and is no file, such as /dev/stdout, stays what it is and is written to.

    Args:
        path: The file.
        content: All of it.
        remedy: What a person could do if it cannot be written.

    Raises:
        EdgedError: If that is not possible; nothing is left behind then.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EdgedError(f"cannot be written: {error.strerror}", where=str(path), remedy=remedy) from error


def remove_unfinished(directory: Path, pid: int) -> None:
    """Remove the temporary files of a process that was killed while it wrote.

    Args:
        directory: Where it wrote.
        pid: Which process; it has ended.
    """
    for path in directory.glob(f".*.{pid}.*"):
        path.unlink(missing_ok=True)
