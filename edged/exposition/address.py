"""An address to listen on."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self

from edged.errors import UsageError

_TEXT = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+)):(?P<port>[0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """An address to listen on.

    Attributes:
        host: IPv4 address, IPv6 address or host name; the path of a Unix socket that systemd listens on.
        port: TCP port; 0 for any free one, and for a Unix socket.
    """

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take `127.0.0.1:10231`, `[::1]:10231` or `localhost:10231` apart.

        Raises:
            UsageError: If it is none of these.
        """
        match = _TEXT.fullmatch(text)
        if not match or not 0 <= int(match["port"]) <= 0xFFFF:
            raise UsageError(
                "is not an address and a port such as 127.0.0.1:10231 or [::1]:10231", where="listen"
            )
        if match["v6"]:
            try:
                ipaddress.IPv6Address(match["v6"])
            except ValueError as error:
                raise UsageError("has no IPv6 address between its brackets", where="listen") from error
        return cls(match["v6"] or match["host"], int(match["port"]))

    def __str__(self) -> str:
        """`127.0.0.1:10231`, `[::1]:10231` or `unix:/run/edged.sock`."""
        if "/" in self.host:
            return f"unix:{self.host}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
