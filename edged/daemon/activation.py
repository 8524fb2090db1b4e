"""The socket that systemd opened for us (`edged.socket`): sd_listen_fds(3)."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence

from edged.daemon.systemd_python import systemd_python
from edged.errors import EdgedError, UsageError


def activated_descriptors(environment: Mapping[str, str]) -> Sequence[int]:
    """Descriptors that systemd passed; none without socket activation.

    They are taken out of the environment, so that no other process takes them for its own.

    Args:
        environment: Of this process.

    Raises:
        EdgedError: If there are some, and nothing to take them with.
    """
    if "LISTEN_FDS" not in environment:
        return ()
    listen_fds: Callable[[bool], Sequence[int]] = systemd_python("daemon").listen_fds
    return listen_fds(True)


def activated_socket(descriptors: Sequence[int]) -> socket.socket | None:
    """The socket to serve on; None where there is none.

    Raises:
        EdgedError: If there is more than one, or it is no socket.
    """
    if not descriptors:
        return None
    if len(descriptors) > 1:
        raise EdgedError(
            f"systemd passed {len(descriptors)} sockets, but edged serves on one",
            where="edged.socket",
            remedy="leave one ListenStream= in it: [::]:10231 is IPv4 too",
        )
    try:
        return socket.socket(fileno=descriptors[0])
    except OSError as error:
        raise EdgedError(
            f"what systemd passed is no socket: {error.strerror}", where="edged.socket"
        ) from error


@contextlib.contextmanager
def turned_away_when_useless(listening: socket.socket | None) -> Iterator[None]:
    """Close what waits to be served if edged cannot be used as it is configured.

    Whoever waits at systemd's socket has the service started. After other failures that is right, and comes
    after a pause; a configuration that cannot be used would be tried over and over for the same client.

    Args:
        listening: The socket from systemd; None without socket activation.
    """
    try:
        yield
    except UsageError:
        if listening:
            with contextlib.suppress(OSError):  # nobody is left, or somebody has closed it already
                listening.setblocking(False)
                while True:
                    listening.accept()[0].close()
        raise
