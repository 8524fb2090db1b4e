"""The journal that a command reads: whoever may not is told who may."""

import errno
from pathlib import Path

from edged.config.sections import Config
from edged.errors import EdgedError


def readable_journal(config: Config, simulated: str) -> Path:
    """Path of the journal. What is wrong with its content is for its reader to tell, and that there is none.

    Args:
        config: Names it.
        simulated: Name of a simulated board; "" for this machine.

    Raises:
        EdgedError: If this user may not read it.
    """
    path = config.journal.path_for(simulated)
    try:
        path.open("rb").close()
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise EdgedError(
                f"the journal cannot be read: {error.strerror}",
                where=str(path),
                remedy="ask as root, or as a member of the group edged",
            ) from error
    return path
