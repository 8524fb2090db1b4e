"""A network of its own: a namespace with a bridge, which boards are connected to."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.system.vm.errors import UnavailableError

_BRIDGE = "boards"
# TEST-NET-2 (RFC 5737): nobody's.
_NETWORK = "198.51.100"


@dataclass(frozen=True, slots=True)
class Network:
    """A network.

    Attributes:
        namespace: The namespace of whoever is no board.
    """

    namespace: str

    def command(self, *words: str) -> list[str]:
        """A command line that runs a command in it."""
        return ["ip", "netns", "exec", self.namespace, *words]

    def connect(self, board: int, leader: int) -> str:
        """Connect a container.

        Args:
            board: Its number, from 1.
            leader: Its process 1.

        Returns:
            Its address.
        """
        address = f"{_NETWORK}.{10 + board}"
        port = _port(board)
        peer = ("type", "veth", "peer", "name", "host0", "netns", str(leader))
        _ip("-n", self.namespace, "link", "add", port, *peer)
        _ip("-n", self.namespace, "link", "set", port, "master", _BRIDGE, "up")
        inside = ("nsenter", "-t", str(leader), "-n")
        _do(*inside, "ip", "address", "add", f"{address}/24", "dev", "host0")
        _do(*inside, "ip", "link", "set", "host0", "up")
        return address

    def disconnect(self, board: int) -> None:
        """Take a container's connection away, at once: with the network the kernel does so some time later.

        Args:
            board: Its number, from 1.
        """
        _ip("-n", self.namespace, "link", "delete", _port(board))


@contextmanager
def network() -> Iterator[Network]:
    """A network until its end.

    Raises:
        UnavailableError: If this machine cannot have one.
    """
    made = Network(f"edged-ansible-{os.getpid()}")
    _ip("netns", "add", made.namespace)
    try:
        inside = ("-n", made.namespace)
        _ip(*inside, "link", "set", "lo", "up")
        _ip(*inside, "link", "add", _BRIDGE, "type", "bridge")
        _ip(*inside, "address", "add", f"{_NETWORK}.1/24", "dev", _BRIDGE)
        _ip(*inside, "link", "set", _BRIDGE, "up")
        yield made
    finally:
        _ip("netns", "delete", made.namespace)


def _port(board: int) -> str:
    return f"board{board}"


def _ip(*words: str) -> None:
    _do("ip", *words)


def _do(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise UnavailableError(f"{command[0]} is not installed") from error
    if done.returncode:
        raise UnavailableError(f"{' '.join(command)}: {done.stderr.strip()}")
