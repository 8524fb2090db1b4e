"""Tells systemd how the service does: sd_notify(3).

systemd 252 has no Type=notify-reload, so a reload is told as RELOADING and READY. Workers never see
NOTIFY_SOCKET: their environment holds only what they need.
"""

from collections.abc import Callable, Mapping

from edged.clock import NS_PER_S, Clock
from edged.daemon.systemd_python import systemd_python

Send = Callable[[str], object]
# systemd shows it in one line of `systemctl status`.
_STATUS_LENGTH = 200


class Notifier:
    """What systemd is told.

    Args:
        send: Takes the lines of one message.
        clock: Of this machine; a reload is told with its time.
    """

    def __init__(self, send: Send, clock: Clock) -> None:
        """Say nothing yet."""
        self._send = send
        self._clock = clock
        self._status = ""

    def ready(self) -> None:
        """The service does its work, from the start or again after a reload."""
        self._send("READY=1")

    def reloading(self) -> None:
        """A new configuration is read; `ready` follows, whether it could be used or not."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={self._clock.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The end has begun."""
        self._send("STOPPING=1\nSTATUS=stopping")

    def more_time(self, more_s: float) -> None:
        """The end takes longer than systemd would wait.

        Args:
            more_s: For how long from now, in seconds.
        """
        self._send(f"EXTEND_TIMEOUT_USEC={more_s * 1_000_000:.0f}")

    def alive(self) -> None:
        """Every thread is well."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """What the service is doing, for people; sent only where it is not what was sent last."""
        text = " ".join(text.split())[:_STATUS_LENGTH]
        if text != self._status:
            self._status = text
            self._send(f"STATUS={text}")


def sender(environment: Mapping[str, str]) -> Send:
    """What carries messages to systemd; carries them nowhere where nobody asked for them.

    Args:
        environment: Of this process.

    Raises:
        EdgedError: If systemd asks for messages, and there is nothing to send them with.
    """
    if "NOTIFY_SOCKET" not in environment:
        return lambda _: None
    send: Send = systemd_python("daemon").notify
    return send


def watchdog_period_s(environment: Mapping[str, str], pid: int) -> float | None:
    """How long systemd waits for a sign of life, in seconds; None where it does not wait.

    Args:
        environment: Of this process.
        pid: Of this process: the environment may have been meant for its parent.
    """
    usec, meant = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", str(pid))
    if not usec.isascii() or not usec.isdigit() or meant != str(pid):
        return None
    return int(usec) * 1000 / NS_PER_S or None
