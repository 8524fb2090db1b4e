"""Whether the daemon that wrote a status file is at work now, or what has become of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edged.board.optional import text_or_none
from edged.board.sysfs import Sysfs
from edged.clock import NS_PER_S
from edged.daemon.status_file import Author, author_of

# Written every second; a busy board may take a few.
_FRESH_NS = 10 * NS_PER_S
# Numbers of processes and nanoseconds since the start are below it.
_MOST = 1 << 63


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """What a status file says of its daemon.

    Attributes:
        running: Whether its process is there.
        words: What is to be said of it, for people.
        file: What the file holds; empty where there is none that can be read.
        age_s: Seconds since it was written; None where nobody can know, as after a reboot.
    """

    running: bool
    words: str
    file: dict[str, Any]
    age_s: float | None = None


def sign_of_life(path: Path, sysfs: Sysfs, now_ns: int) -> SignOfLife:
    """Read a status file, and look for the process that wrote it.

    Args:
        path: The file.
        sysfs: Of this machine.
        now_ns: Monotonic time.
    """
    try:
        file = json.loads(path.read_bytes())
        author = Author(*(file["author"][field] for field in ("pid", "boot_id", "start")))
        written_ns = file["written_ns"]
        _check(author, written_ns, file["status"])
    except PermissionError as error:
        words = (
            f"not known to run: {path} cannot be read: {error.strerror}: "
            "ask as root, or as a member of the group edged"
        )
        return SignOfLife(False, words, {})
    except OSError as error:
        return SignOfLife(False, f"not known to run: {path} cannot be read: {error.strerror}", {})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        return SignOfLife(False, f"not known to run: {path} is not edged's status file: {error}", {})
    return _judged(file, author, now_ns - written_ns, sysfs)


def _check(author: Author, written_ns: object, status: object) -> None:
    """Whether it is what edged writes, as far as the judgement rests on it.

    Raises:
        TypeError: If not.
    """
    numbers = (author.pid, written_ns)
    # JSON has one kind of number, and Python's takes Infinity for one; true is one for Python.
    if any(type(number) is not int or not 0 <= number < _MOST for number in numbers):
        raise TypeError("a number in it is none that edged writes")
    if not isinstance(author.boot_id, str) or not isinstance(author.start, str):
        raise TypeError("its author is none that edged writes")
    if not isinstance(status, dict):
        raise TypeError("there is no status in it")


def _judged(file: dict[str, Any], author: Author, age_ns: int, sysfs: Sysfs) -> SignOfLife:
    age_s, pid = age_ns / NS_PER_S, author.pid
    now = author_of(pid, sysfs)
    # Number and start tell a process. Its boot id is no more than a hint: systemd-nspawn lays one of the
    # container's own over the machine's, and ProtectProc= and ProtectKernelTunables= take it away again.
    if now and now.start == author.start and age_ns >= 0:
        if age_ns <= _FRESH_NS:
            return SignOfLife(True, f"running, process {pid}", file, age_s)
        words = (
            f"stopped, stuck or cannot write: its process {pid} is there, but has not told its status for "
            f"{age_s:.0f} s"
        )
        return SignOfLife(True, words, file, age_s)
    boot_id = text_or_none(sysfs, "proc/sys/kernel/random/boot_id") or ""
    if author.boot_id != boot_id or age_ns < 0:
        return SignOfLife(False, "not running: its status is from before this machine was started", file)
    words = f"not running: process {pid} ended without a word {age_s:.0f} s ago"
    return SignOfLife(False, words, file, age_s)
