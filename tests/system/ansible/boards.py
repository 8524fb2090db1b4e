"""Fresh boards in a network: containers with systemd and sshd, and nothing of edged."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.system.ansible.network import Network, network
from tests.system.ansible.root import root
from tests.system.container.machine import Machine, booted
from tests.system.vm.errors import UnavailableError

NAMES = tuple(f"xu3-{number:02}" for number in range(1, 11))


@dataclass(frozen=True, slots=True)
class Board:
    """A board.

    Attributes:
        address: Where it is reached.
        machine: Its container.
    """

    address: str
    machine: Machine

    def main_pid(self) -> str:
        """Process of edged there."""
        return self.machine.show("edged.service", "MainPID")

    def version(self) -> str:
        """Version of edged there; "" if it is not installed."""
        asked = ("dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", "edged")
        state, _, version = self.machine.run(*asked).out.partition(" ")
        return version if state == "installed" else ""

    def ready(self) -> bool:
        """Whether edged is ready there."""
        return self.machine.show("edged.service", "ActiveState") == "active"


@contextmanager
def _seen_at(files: Path, name: str) -> Iterator[Path]:
    """The same files under a path of their own: systemd-nspawn lets one container have a directory."""
    with tempfile.TemporaryDirectory(prefix=f"edged-{name}-") as directory:
        place, nothing = Path(directory, "root"), Path(directory, "nothing")
        place.mkdir()
        nothing.mkdir()
        layers = f"lowerdir={nothing}:{files}"
        done = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, place], check=False)
        if done.returncode:
            raise UnavailableError("no overlay of files can be mounted")
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def boards(
    package: Path, public_key: str, names: Sequence[str] = NAMES
) -> Iterator[tuple[Network, Mapping[str, Board]]]:
    """A network and its boards, until their end.

    Args:
        package: The package whose dependencies are there already.
        public_key: Of whoever may log in as root.
        names: What they are called.

    Raises:
        UnavailableError: If this machine cannot have them.
        GuestFailedError: If one does not boot.
    """
    files = root(package)
    with network() as net, ExitStack() as stack:
        found = {}
        # One after the other: ten that boot at once take longer.
        for number, name in enumerate(names, 1):
            machine = stack.enter_context(booted(stack.enter_context(_seen_at(files, name)), name))
            machine.write("/root/.ssh/authorized_keys", public_key)
            found[name] = Board(net.connect(number, machine.leader), machine)
            machine.until("sshd listens", lambda m=machine: m.run("pgrep", "-x", "sshd").code == 0)  # type: ignore[misc]
        yield net, found
