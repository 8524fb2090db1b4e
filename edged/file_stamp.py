"""Whether a file is another one by now: a look is cheap, so that it is read only when it has changed."""

from pathlib import Path

# What tells one state of a file from another; None where there is none.
Stamp = tuple[int, int, int] | None


def file_stamp(path: Path) -> Stamp:
    """The file as it is now."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
