"""How much of the board the clients may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the board the clients may take.

    Attributes:
        request_s: A client has this long for its request, the TLS handshake included, in seconds.
        answer_s: A client has this long to take its answer, in seconds.
        header_bytes: Longest request line with headers.
        connections: Connections at the same time; each takes a file descriptor and some kilobytes, with TLS
            some fifty.
        grace_s: When there are more, the oldest gives way, but not before that long, in seconds.
        threads: Threads that work out answers.
    """

    request_s: float = 5.0
    answer_s: float = 10.0
    header_bytes: int = 16 << 10
    connections: int = 256
    grace_s: float = 1.0
    threads: int = 3
