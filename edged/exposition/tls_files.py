"""The files that encryption takes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """What encryption takes: files in PEM format.

    Attributes:
        certificate: The server's certificate, with those that lead to its authority.
        key: Its private key, without a pass phrase.
        client_ca: Authorities one of which must have signed a client's certificate; None to ask for none.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None
