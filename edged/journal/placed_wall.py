"""When something in the journal happened, where the wall clock of that time had not been set yet.

Boards begin in 1970 or 2013 and are told the time minutes later. Of the same boot, any row with a believed
wall time tells how far apart its wall and its monotonic clock are:

```
 monotonic   ──┬────────────┬──────────────▶
 wall      2013│            │2026            placed: believed wall time - monotonic time between the two
             row          believed row
```
"""

import sqlite3

from edged.clock import NS_PER_S
from edged.journal.record import TRUSTED_SINCE_S

# Each with a wall time and the monotonic time that belongs to it; the one that was written last is the best.
_BELIEVED = """
SELECT boot_id, start_wall_s - start_ns / 1e9 AS offset_s, start_ns AS at_ns FROM starts
    WHERE start_wall_s >= :trusted_s
UNION ALL
SELECT boot_id, finished_wall_s - end_ns / 1e9, end_ns FROM measurements
    JOIN starts ON starts.id = start_id WHERE finished_wall_s >= :trusted_s
UNION ALL
SELECT boot_id, end_wall_s - end_ns / 1e9, end_ns FROM throttle_episodes
    JOIN starts ON starts.id = start_id WHERE end_wall_s >= :trusted_s
UNION ALL
SELECT boot_id, wall_s - at_ns / 1e9, at_ns FROM counters
    JOIN starts ON starts.id = start_id WHERE wall_s >= :trusted_s
ORDER BY at_ns
"""


def add_placed_wall(connection: sqlite3.Connection) -> None:
    """Let statements ask `placed_wall_s(wall_s, boot_id, at_ns)`: the wall time as well as it can be known.

    A wall time that can have been right stays as it is; so does one of a boot that has no believed one.

    Args:
        connection: To a journal of this version.

    Raises:
        sqlite3.Error: If it cannot be read.
    """
    rows = connection.execute(_BELIEVED, {"trusted_s": TRUSTED_SINCE_S})
    offsets_s = {row["boot_id"]: row["offset_s"] for row in rows}

    def placed_wall_s(wall_s: float, boot_id: str, at_ns: int) -> float:
        offset_s = offsets_s.get(boot_id)
        if wall_s >= TRUSTED_SINCE_S or offset_s is None:
            return wall_s
        return float(offset_s) + at_ns / NS_PER_S

    connection.create_function("placed_wall_s", 3, placed_wall_s, deterministic=True)
