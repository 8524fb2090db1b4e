"""Whether a certificate can be shown to clients now: it is tried on ourselves, in memory."""

import logging
import ssl
from pathlib import Path

from edged.errors import UsageError

log = logging.getLogger(__name__)

# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (x509_vfy.h).
_NOT_YET_VALID = 9
_EXPIRED = 10
_MOST_STEPS = 10


def check_certificate(server: ssl.SSLContext, path: Path) -> None:
    """Shake hands with ourselves.

    A certificate that is not valid yet is used all the same: a board without a battery for its clock begins
    in the past.

    Args:
        server: With the certificate and its key, and not yet asking for those of clients.
        path: The certificate.

    Raises:
        UsageError: If it has expired, or clients could not be shown it for another reason.
    """
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    # It is trusted because it is this one: what its authority is does not matter here.
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(path)
    try:
        _shake_hands(server, client)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code == _NOT_YET_VALID:
            log.warning("%s is not valid yet by this machine's clock; it is used all the same", path)
            return
        expired = error.verify_code == _EXPIRED
        raise UsageError(
            "has expired" if expired else f"cannot be shown to clients: {error.verify_message}",
            where=f"exposition.certificate: {path}",
            remedy="renew it" if expired else "",
        ) from error
    except ssl.SSLError as error:
        raise UsageError(
            f"cannot be shown to clients: {error.reason}", where=f"exposition.certificate: {path}"
        ) from error


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(_MOST_STEPS):
        for end in tuple(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)
        if not ends:
            return
