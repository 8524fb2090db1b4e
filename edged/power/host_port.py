"""`host:port` as people write it."""

import re

_HOST_PORT = re.compile(r"(?:\[(?P<v6>[^\[\]\s]+)\]|(?P<host>[^\[\]:\s]+))(?::(?P<port>[0-9]{1,5}))?")


def parse_host_port(text: str, default_port: int) -> tuple[str, int]:
    """Host and port of "host", "host:port", "[address]" or "[address]:port".

    Raises:
        ValueError: If it is none of them; the text says what is expected.
    """
    match = _HOST_PORT.fullmatch(text)
    port = int(match["port"] or default_port) if match else 0
    if match is None or not 0 < port < 65_536:
        raise ValueError(f"{text!r} is not an address such as 192.168.4.1:{default_port}")
    return match["v6"] or match["host"], port
