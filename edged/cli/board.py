"""`edged board`: what this board has, and what it lacks and why."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from edged.board.discover import discover
from edged.board.dump import write_dump
from edged.board.sysfs import Sysfs
from edged.board.unpack import unpack_dump
from edged.cli.board_live import live_board_text
from edged.cli.board_text import WIDTH, board_text
from edged.cli.group import CommandGroup
from edged.cli.simulation_option import check_seed, seed_option
from edged.clock import Clock, SystemClock
from edged.config.file import load_config
from edged.errors import EdgedError, UsageError

_FILE = click.Path(path_type=Path)
# A simulated board is looked at when its chips have finished some averages.
_SETTLED_S = 0.5
# What is narrower breaks lines itself.
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the board is.

    Attributes:
        sysfs: Its files.
        clock: The time in which it lives; None for files in which nothing lives.
        mark: What people must know first of it.
    """

    sysfs: Sysfs
    clock: Clock | None = None
    mark: str = ""


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.option("--root", metavar="DIR", type=_FILE, help="Where the board's file system is: /")
@click.option("--from-dump", metavar="FILE", type=_FILE, help="Show the board of a dump instead.")
@click.option("--simulate", metavar="xu3|xu4", help="Show a simulated board instead.")
@seed_option
@click.option(
    "--config",
    "config_path",
    metavar="FILE",
    type=_FILE,
    help="Where further rails and meters are named; default: /etc/edged/edged.toml.",
)
@click.pass_context
def board(
    context: click.Context,
    *,
    root: Path | None,
    from_dump: Path | None,
    simulate: str | None,
    seed: int | None,
    config_path: Path | None,
) -> None:
    """What this board has, and what it lacks, why, and what would bring it.

    Each power sensor is read once; an external meter may take 2.5 s. With --root or --from-dump files are
    shown, and no watts.
    """
    check_seed(seed, simulate)
    given = {"--root": root, "--from-dump": from_dump, "--simulate": simulate}
    options = [option for option, value in given.items() if value is not None]
    if len(options) > 1:
        raise UsageError(f"{' and '.join(options)} exclude each other", remedy="give one of them")
    if config_path is not None and (root or from_dump):
        raise UsageError("--config names sensors, which files are not", remedy=f"leave out {options[0]}")
    place = _place_of_files(root) if root else _Place(Sysfs(), SystemClock())
    if from_dump:
        place = context.with_resource(_unpacked(from_dump))
    elif simulate is not None:
        place = context.with_resource(_simulated(simulate, seed or 0))
    if context.invoked_subcommand is not None:
        if simulate is not None:
            raise UsageError("a dump of a simulated board would be taken for a real one")
        context.obj = place.sysfs
    elif place.clock is None:
        click.echo(board_text(discover(place.sysfs), place.sysfs, width=_width()), nl=False)
    else:
        power = load_config(config_path).power
        click.echo(live_board_text(place.sysfs, power, place.clock, place.mark, _width()), nl=False)


@board.command(short_help="write what edged reads of this board to a file")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.pass_obj
def dump(sysfs: Sysfs, file: Path) -> None:
    """Write what edged reads of this board to FILE (- for standard output).

    The dump has no serial numbers, network addresses or names of the machine in it. It shows others the board
    as edged sees it: `edged board --from-dump FILE`.
    """
    if str(file) == "-":
        write_dump(sysfs, sys.stdout)
        return
    try:
        with file.open("w", encoding="ascii") as out:
            write_dump(sysfs, out)
    except OSError as error:
        raise EdgedError(f"cannot be written: {error.strerror}", where=str(file)) from error


def _width() -> int:
    """Columns to fill: no more than can be read well, nor than a terminal has."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(_NARROWEST, min(WIDTH, shutil.get_terminal_size().columns))


def _place_of_files(root: Path) -> _Place:
    if not root.is_dir():
        raise UsageError(
            "is not a directory", where=str(root), remedy="give --root the root of a file system"
        )
    return _Place(Sysfs(root))


@contextmanager
def _unpacked(file: Path) -> Iterator[_Place]:
    """The board of a dump, while the command runs."""
    try:
        text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(file)) from error
    with tempfile.TemporaryDirectory(prefix="edged-board-") as directory:
        yield _Place(unpack_dump(text, Path(directory), name=str(file)))


@contextmanager
def _simulated(kind: str, seed: int) -> Iterator[_Place]:
    """A simulated board, while the command runs."""
    # Imported here: physics would double the time that this command takes to start.
    from edged.simulation.board import SimulatedBoard  # noqa: PLC0415
    from edged.simulation.clock import VirtualClock  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="edged-board-") as directory:
        clock = VirtualClock()
        simulated = SimulatedBoard(kind, Path(directory), clock, seed=seed)
        clock.sleep(_SETTLED_S)
        yield _Place(Sysfs(Path(directory)), clock, f"SIMULATED (seed {seed})")
        simulated.close()
