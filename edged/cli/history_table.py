"""The daemon's lives and the throttle episodes of the journal: as a table, CSV or JSON."""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import TextIO

from edged.cli.quantity import duration
from edged.cli.table import Column, FittingTable
from edged.journal.history import EpisodeRecord, LifeRecord
from edged.journal.record import TRUSTED_SINCE_S

_LIVES = (
    Column("started"),
    Column("lived"),
    Column("end"),
    Column("measurements", right=True, spare=2),
    Column("edged", spare=3),
    Column("board", spare=1, folds=18),
)
_EPISODES = (Column("ended"), Column("cluster", folds=8), Column("throttled for at most", right=True))

History = Sequence[LifeRecord] | Sequence[EpisodeRecord]


def history_table(history: History, kind: type, title: str) -> FittingTable:
    """One row for each.

    Args:
        history: In the order of the rows.
        kind: Which record they are of: there may be none of them.
        title: What stands above.
    """
    table = FittingTable(title, _LIVES if kind is LifeRecord else _EPISODES, "--format csv")
    for each in history:
        table.add_row(*(_life(each) if isinstance(each, LifeRecord) else _episode(each)))
    return table


def write_history_csv(history: History, kind: type, file: TextIO) -> None:
    """A line of headings, and a line for each.

    Args:
        history: What to write.
        kind: Which record they are of: there may be none of them.
        file: Where to.
    """
    writer = csv.DictWriter(file, [field.name for field in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(each) for each in history)


def write_history_json(history: History, name: str, file: TextIO) -> None:
    """An object with one list of that name."""
    json.dump({name: [asdict(each) for each in history]}, file, indent=2)
    file.write("\n")


def local_time(wall_s: float) -> str:
    """Local time, or that the clock had not been set."""
    if wall_s < TRUSTED_SINCE_S:
        return "clock not set"
    try:
        when = datetime.fromtimestamp(wall_s).astimezone()
    except (OverflowError, ValueError, OSError):
        return "clock not set"
    return when.strftime("%Y-%m-%d %H:%M:%S")


def _life(life: LifeRecord) -> tuple[str, ...]:
    return (
        local_time(life.start_wall_s),
        duration(life.lived_s),
        "stopped" if life.ended else "killed, or alive",
        str(life.measurements),
        life.edged_version,
        life.board,
    )


def _episode(episode: EpisodeRecord) -> tuple[str, ...]:
    return local_time(episode.end_wall_s), episode.cpu_cluster, f"{episode.duration_s:.1f} s"
