"""Where systemd holds the port, `exposition.listen` does not count: who has set it otherwise is told so."""

import ipaddress
import logging
import socket

from edged.config.file import ConfigFile
from edged.config.sections import ExpositionSection
from edged.exposition.address import Address
from edged.exposition.listening import address_of

LISTEN = "exposition.listen"

_LOG = logging.getLogger(__name__)
_KEY = ("exposition", "listen")
# systemd's "::" is IPv4 too.
_ALIKE = (("localhost", "127.0.0.1"), ("localhost", "::1"), ("0.0.0.0", "::"))  # noqa: S104 - only compared
_WHAT_TO_DO = (
    'have edged.socket listen there, as "Who may read it" in /usr/share/doc/edged/README.md says, '
    f"or let {LISTEN} count: systemctl disable --now edged.socket; systemctl restart edged"
)


def tell_what_does_not_count(file: ConfigFile, listening: socket.socket | None) -> None:
    """Warn of an `exposition.listen` that is set, and is not where systemd has edged serve.

    Args:
        file: What was read.
        listening: The socket from systemd; None without socket activation, where the option counts.
    """
    if listening is None:
        return
    wanted, held = file.config.exposition.address, address_of(listening)
    is_set = _KEY in file.lines or file.config.exposition.listen != ExpositionSection().listen
    if is_set and not _same_place(wanted, held):
        where = file.origin(_KEY) if _KEY in file.lines else str(file.path)
        message = f"{where}: {LISTEN} is {wanted} and does not count, for systemd has edged serve at {held}"
        _LOG.warning("%s; %s", message, _WHAT_TO_DO)


def _same_place(wanted: Address, held: Address) -> bool:
    hosts = _plain(wanted.host), _plain(held.host)
    return wanted.port == held.port and (hosts[0] == hosts[1] or hosts in _ALIKE)


def _plain(host: str) -> str:
    """A host in one spelling only."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host
