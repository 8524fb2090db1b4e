"""The file by which `edged status` knows what a daemon does: written once a second, replaced as a whole.

It is for the run-time directory, which is memory. It holds who wrote it and when, so that what a dead daemon
left behind is not taken for the present. A disk that takes nothing costs this file and nothing else.
"""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edged.board.optional import text_or_none
from edged.board.sysfs import Sysfs
from edged.clock import NS_PER_S, Clock
from edged.config.sections import Config
from edged.exposition.snapshot import Snapshot
from edged.exposition.status import status_of

_LOG = logging.getLogger(__name__)
_NAME = "status.json"
# Where systemd puts `RuntimeDirectory=edged`; only the service itself has it in its environment.
_SERVICE_DIRECTORY = Path("run/edged")


@dataclass(frozen=True, slots=True)
class Author:
    """The process that writes.

    Attributes:
        pid: Its number.
        boot_id: Name of the boot that it runs in; "" where the kernel does not tell.
        start: When it was started, as the kernel counts; "" where that cannot be told. Numbers of processes
            are used again.
    """

    pid: int
    boot_id: str
    start: str


def author_of(pid: int, sysfs: Sysfs) -> Author | None:
    """The process of that number that runs now; None if there is none, or only what is left of it.

    Args:
        pid: Its number.
        sysfs: Of this machine.
    """
    stat = text_or_none(sysfs, f"proc/{pid}/stat")
    if stat is None:
        return None
    # proc(5): the name is in brackets and may hold anything; starttime is field 22, the name field 2.
    fields = stat.rpartition(")")[2].split()
    if fields[:1] in (["Z"], ["X"]):
        return None
    boot_id = text_or_none(sysfs, "proc/sys/kernel/random/boot_id") or ""
    return Author(pid, boot_id, fields[19] if len(fields) > 19 else "")


def written_path(config: Config, environment: Mapping[str, str], simulated_as: str) -> Path:
    """Where a daemon writes it.

    Args:
        config: What holds.
        environment: Of the process.
        simulated_as: What is simulated in a word; "" for a real board.
    """
    return _named(_bases(config, environment)[0], simulated_as)


def read_paths(config: Config, environment: Mapping[str, str], simulated_as: str, root: Path) -> list[Path]:
    """Where it may lie, the likeliest first; those of simulated boards come last.

    Args:
        config: What holds.
        environment: Of the process that reads, which is not that of the service.
        simulated_as: As in `written_path`; with "" those of simulated boards are there too.
        root: Where the machine's file system begins.
    """
    bases = dict.fromkeys([*_bases(config, environment), root / _SERVICE_DIRECTORY / _NAME])
    named = [_named(base, simulated_as) for base in bases]
    if simulated_as:
        return named
    return [*named, *(path for base in bases for path in sorted(base.parent.glob(f"{base.name}.*")))]


def _bases(config: Config, environment: Mapping[str, str]) -> list[Path]:
    if config.daemon.status_file:
        return [config.daemon.status_file]
    bases = []
    if directory := environment.get("RUNTIME_DIRECTORY", "").split(":")[0]:
        bases.append(Path(directory) / _NAME)
    if directory := environment.get("XDG_RUNTIME_DIR", ""):
        bases.append(Path(directory) / "edged" / _NAME)
    return [*bases, config.journal.path.with_name(_NAME)]


def _named(base: Path, simulated_as: str) -> Path:
    return base.with_name(f"{base.name}.{simulated_as}") if simulated_as else base


class StatusFile:
    """Writes the file. A `Sampler`, for a thread of this machine's time.

    Args:
        path: The file.
        latest: Gives the newest snapshot.
        about: What else stands in it: addresses and files.
        clock: Of this machine, whatever time the board lives in.
    """

    name = "status file"

    def __init__(
        self, path: Path, latest: Callable[[], Snapshot], about: Mapping[str, Any], clock: Clock
    ) -> None:
        """Write nothing yet."""
        self._path = path
        self._temporary = path.with_name(f".{path.name}.new")
        self._latest = latest
        author = author_of(os.getpid(), Sysfs()) or Author(os.getpid(), "", "")
        self._head = {**about, "author": asdict(author)}
        self._clock = clock
        self._failing = False

    def step(self) -> int:
        """Write it anew.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        now_ns = self._clock.monotonic_ns()
        head = {**self._head, "written_ns": now_ns, "written_wall_s": self._clock.wall_s()}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Not forced to the disk: it is of no use after a power cut.
            self._temporary.write_text(json.dumps({**head, "status": status_of(self._latest())}))
            self._temporary.replace(self._path)
            self._failing = False
        except OSError as error:
            if not self._failing:
                _LOG.warning(
                    "%s cannot be written, so that edged status knows nothing: %s", self._path, error
                )
            self._failing = True
        return now_ns + NS_PER_S

    def close(self) -> None:
        """Take it away: nobody is at work any more."""
        for path in (self._temporary, self._path):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue
