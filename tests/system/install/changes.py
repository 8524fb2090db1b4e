"""What changes on the board's disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.container.machine import Machine

# What is memory, what logs and what edged measures changes all the time.
_NOT_LOOKED_AT = ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/lib/edged")


@contextmanager
def changed_files(machine: Machine) -> Iterator[list[str]]:
    """Afterwards the files and directories that were written, made or removed meanwhile."""
    changed: list[str] = []
    machine.ask("touch", "/run/before")
    yield changed
    prune = " -o ".join(f"-path {path}" for path in _NOT_LOOKED_AT)
    script = f"find / \\( {prune} \\) -prune -o -cnewer /run/before -print"
    changed.extend(machine.ask("sh", "-c", script).splitlines())
