"""The socket that the server listens on: its own, or one that it was given."""

import contextlib
import errno
import socket

from edged.errors import EdgedError
from edged.exposition.address import Address

# Who comes while the server has all the connections it takes waits in the kernel, which needs less memory.
BACKLOG = 1024
_REMEDIES = {
    errno.EADDRINUSE: "choose another port, or end what listens there",
    errno.EADDRNOTAVAIL: 'choose an address of this machine, or "0.0.0.0" for all of them',
    errno.EACCES: "choose a port from 1024 on, or give edged CAP_NET_BIND_SERVICE",
}


def listen(address: Address) -> socket.socket:
    """A socket that listens on an address.

    Args:
        address: Where; port 0 takes any free one.

    Raises:
        EdgedError: If it cannot listen there.
    """
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise EdgedError(
            f"cannot listen on {address}: there is no such host: {error.strerror}",
            where="exposition.listen",
            remedy='name an address of this machine, or "0.0.0.0" for all of them',
        ) from error
    family, kind, protocol, _, place = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        # The server ends connections, so the port has some that wait out their time when it begins anew.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with contextlib.suppress(OSError):  # "::" is every network, IPv4 included
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise EdgedError(
            f"cannot listen on {address}: {error.strerror}",
            where="exposition.listen",
            remedy=_REMEDIES.get(error.errno or 0, "choose another address and port"),
        ) from error
    return listening


def check_listening(given: socket.socket) -> None:
    """Refuse a socket that nobody could connect to.

    Args:
        given: Such as the one that systemd passes for `edged.socket`.

    Raises:
        EdgedError: If it does not listen for streams.
    """
    listens = given.type == socket.SOCK_STREAM and given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    if not listens:
        raise EdgedError(
            "the socket that edged was given does not listen for connections",
            where=f"file descriptor {given.fileno()}",
            remedy="let edged.socket have ListenStream=, and Accept=no",
        )


def address_of(listening: socket.socket) -> Address:
    """Where a socket listens; the host is the path of a Unix socket."""
    name = listening.getsockname()
    if listening.family == socket.AF_UNIX:
        return Address(name.decode("utf-8", "replace") if isinstance(name, bytes) else name, 0)
    return Address(name[0], name[1])
