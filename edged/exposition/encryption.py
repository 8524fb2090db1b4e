"""What encrypts connections: read at the start, and again when a file has changed."""

import logging
import os
import ssl
from pathlib import Path

from edged.errors import UsageError
from edged.exposition.certificate import check_certificate
from edged.exposition.tls_files import TlsFiles
from edged.file_stamp import Stamp, file_stamp

log = logging.getLogger(__name__)

_OTHERS = 0o007


class Encryption:
    """TLS by the files that are there now. One thread renews, any thread takes the context.

    Args:
        files: What encryption takes.

    Raises:
        UsageError: If a file cannot be read or used.
    """

    def __init__(self, files: TlsFiles) -> None:
        """Read the files."""
        self._files = files
        self._stamps = self._stamps_now()
        self._context = _context(files)

    def context(self) -> ssl.SSLContext:
        """What encrypts the next connection."""
        return self._context

    def renew(self) -> None:
        """Read the files again if one has changed; if they cannot be used, the context stays as it is."""
        stamps = self._stamps_now()
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            self._context = _context(self._files)
        except (UsageError, OSError) as error:
            # A certificate may come a moment before its key, or a file go while it is read.
            log.warning("the certificate that was read before is still used: %s", error)
        else:
            log.info("read %s again: it has changed", self._files.certificate)

    def _stamps_now(self) -> tuple[Stamp, ...]:
        files = (self._files.certificate, self._files.key, self._files.client_ca)
        return tuple(file_stamp(path) if path else None for path in files)


def _context(files: TlsFiles) -> ssl.SSLContext:
    """A context for servers.

    Raises:
        UsageError: If a file cannot be read or used.
    """
    _check_readable("exposition.certificate", files.certificate)
    _check_readable("exposition.key", files.key)
    if files.key.stat().st_mode & _OTHERS:
        raise UsageError(
            "every user of this machine may open the private key",
            where=f"exposition.key: {files.key}",
            remedy="take that away: chmod o= and, for edged, chgrp edged and chmod g=r",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Renegotiation would let a client have keys made for as long as it likes.
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    try:
        # An empty pass phrase: without one OpenSSL would ask for it on the terminal.
        context.load_cert_chain(files.certificate, files.key, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise UsageError(
                f"is not the key of the certificate {files.certificate}",
                where=f"exposition.key: {files.key}",
            ) from error
        raise UsageError(
            "are no certificate and key in PEM format without a pass phrase",
            where=f"exposition.certificate and key: {files.certificate}, {files.key}",
        ) from error
    check_certificate(context, files.certificate)
    if files.client_ca:
        _load_authorities(context, files.client_ca)
    return context


def _load_authorities(context: ssl.SSLContext, path: Path) -> None:
    _check_readable("exposition.client_ca", path)
    try:
        context.load_verify_locations(path)
    except ssl.SSLError as error:
        raise UsageError("has no certificate in PEM format", where=f"exposition.client_ca: {path}") from error
    context.verify_mode = ssl.CERT_REQUIRED


def _check_readable(key: str, path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDONLY))
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=f"{key}: {path}",
            remedy="name a file that edged may read",
        ) from error
