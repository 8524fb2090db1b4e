"""Where log messages go: the system's journal with all their fields, or lines on standard error."""

import logging
import os
from collections.abc import Mapping

from edged.daemon.systemd_python import systemd_python

_IDENTIFIER = "edged"


def log_to(environment: Mapping[str, str]) -> bool:
    """Send what edged logs where it belongs.

    Args:
        environment: Of this process.

    Returns:
        Whether it goes to the journal, so that standard output needs to repeat none of it.

    Raises:
        EdgedError: If the journal listens, and there is nothing to send fields with.
    """
    log = logging.getLogger("edged")
    to_journal = goes_to_journal(environment)
    if to_journal:
        handler: logging.Handler = systemd_python("journal").JournalHandler(SYSLOG_IDENTIFIER=_IDENTIFIER)
        log.setLevel(logging.INFO)
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("edged: %(message)s"))
        # Who watches by hand sees the measurements already.
        log.setLevel(logging.WARNING)
    log.addHandler(handler)
    log.propagate = False
    return to_journal


def goes_to_journal(environment: Mapping[str, str], descriptor: int = 2) -> bool:
    """Whether standard error is the journal's: JOURNAL_STREAM names its device and inode.

    Args:
        environment: Of this process; a child whose output goes elsewhere has inherited the name.
        descriptor: Of standard error.
    """
    device, _, inode = environment.get("JOURNAL_STREAM", "").partition(":")
    try:
        found = os.fstat(descriptor)
    except OSError:
        return False
    return (device, inode) == (str(found.st_dev), str(found.st_ino))
