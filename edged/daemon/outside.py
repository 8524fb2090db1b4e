"""What whoever starts the daemon gives it, beyond its configuration."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

from edged.exposition.reload_state import ReloadState


@dataclass(frozen=True, slots=True)
class Outside:
    """What comes from outside: from systemd where it runs there.

    Attributes:
        listening: A socket that listens already; None to open the configured one.
        watchdog_s: How long systemd waits for a sign of life, in seconds; None where it does not.
        reload: Tells how the configuration was read last, or that it is read once only.
    """

    listening: socket.socket | None = None
    watchdog_s: float | None = None
    reload: Callable[[], ReloadState | None] = lambda: None
