"""The daemon's life as the journal keeps it."""

import uuid

from edged import __version__
from edged.assembly.parts import Assembly
from edged.board.optional import text_or_none
from edged.journal.life import Life


def life_of(assembly: Assembly) -> Life:
    """A life that begins now on the board of `assembly`."""
    boot_id = text_or_none(assembly.sysfs, "proc/sys/kernel/random/boot_id")
    return Life(
        # A simulated board's time begins anew in each life.
        boot_id=boot_id if boot_id and not assembly.simulation else str(uuid.uuid4()),
        start_ns=assembly.clock.monotonic_ns(),
        start_wall_s=assembly.clock.wall_s(),
        edged_version=__version__,
        board=assembly.board.identity.model,
        simulation=assembly.simulation,
    )
