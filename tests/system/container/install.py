"""Puts this work tree on a container, and has its deploy/install.sh install it."""

import shutil
from pathlib import Path

from tests.system.container.machine import Machine, Result
from tests.system.container.root import PROJECT
from tests.system.vm.errors import GuestFailedError

# Where the work tree lies in a container.
CHECKOUT = "/srv/edged"
# Of it, what install.sh looks at.
_PARTS = ("deploy", "edged", "systemd", "pyproject.toml", "README.md")
# On the slowest machine that runs this.
_LIMIT_S = 900.0


def unpack(machine: Machine) -> None:
    """Copy the work tree into a container, as somebody unpacks an archive on a board."""
    target = Path(f"/proc/{machine.leader}/root{CHECKOUT}")
    target.mkdir(parents=True)
    for name in _PARTS:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, target)


def install_sh(machine: Machine, *options: str, checkout: str = CHECKOUT) -> Result:
    """Run install.sh of what lies at `checkout` to its end, whatever comes of it."""
    return machine.run(f"{checkout}/deploy/install.sh", *options, timeout_s=_LIMIT_S)


def install_edged(machine: Machine) -> None:
    """Install this work tree's edged, and leave it stopped and without results.

    Raises:
        GuestFailedError: If it cannot be installed.
    """
    unpack(machine)
    result = install_sh(machine)
    if result.code:
        raise GuestFailedError(f"install.sh ends with {result.code}:\n{result.out}{result.err}")
    machine.ask("systemctl", "--quiet", "disable", "--now", "edged.service", "edged.socket")
    machine.ask("sh", "-c", "rm /var/lib/edged/journal.db*")
