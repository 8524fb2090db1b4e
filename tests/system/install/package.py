"""A Debian package edged, as far as dpkg knows."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.container.machine import Machine

_STATUS = "/var/lib/dpkg/status"
_PACKAGE = (
    "\\nPackage: edged\\nStatus: install ok installed\\nMaintainer: x <x@edged.example>\\n"
    "Architecture: all\\nVersion: 0\\nDescription: x\\n"
)


@contextmanager
def package_installed(machine: Machine) -> Iterator[None]:
    """Meanwhile dpkg has it as installed."""
    machine.ask("cp", _STATUS, "/run/status")
    machine.ask("sh", "-c", f"printf '{_PACKAGE}' >> {_STATUS}")
    try:
        yield
    finally:
        machine.ask("cp", "/run/status", _STATUS)
