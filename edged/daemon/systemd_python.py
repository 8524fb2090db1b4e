"""Debian's python3-systemd, or systemd-python from PyPI: imported only where systemd is there to talk to."""

import importlib
from types import ModuleType

from edged.errors import EdgedError


def systemd_python(part: str) -> ModuleType:
    """A part of the package.

    Args:
        part: Such as `daemon` or `journal`.

    Raises:
        EdgedError: If it is not installed: systemd would wait in vain, and end a service that does well.
    """
    try:
        return importlib.import_module(f"systemd.{part}")
    except ImportError as error:
        raise EdgedError(
            "systemd started edged and listens to it, but the Python package systemd is not installed",
            remedy="apt install python3-systemd, or pip install 'edged[systemd]'",
        ) from error
