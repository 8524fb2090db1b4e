"""`edged board`: what this board has, and what it lacks and why."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from edged.board.discover import discover
from edged.board.dump import write_dump
from edged.board.sysfs import Sysfs
from edged.board.unpack import unpack_dump
from edged.cli.board_text import board_text
from edged.errors import EdgedError, UsageError


@click.group(invoke_without_command=True)
@click.option("--root", metavar="DIR", default=None, type=Path, help="Where the board's file system is: /")
@click.option(
    "--from-dump", metavar="FILE", default=None, type=Path, help="Show the board of a dump instead."
)
@click.pass_context
def board(context: click.Context, root: Path | None, from_dump: Path | None) -> None:
    """What this board has, and what it lacks, why, and what would bring it."""
    if root is not None and from_dump is not None:
        raise UsageError("--root and --from-dump exclude each other", remedy="give one of them")
    if root is not None and not root.is_dir():
        raise UsageError(
            "is not a directory", where=str(root), remedy="give --root the root of a file system"
        )
    sysfs = context.with_resource(_unpacked(from_dump)) if from_dump else Sysfs(root or Path("/"))
    if context.invoked_subcommand is None:
        click.echo(board_text(discover(sysfs), sysfs), nl=False)
    else:
        context.obj = sysfs


@board.command()
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


@contextmanager
def _unpacked(file: Path) -> Iterator[Sysfs]:
    """The board of a dump, while the command runs."""
    try:
        text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(file)) from error
    with tempfile.TemporaryDirectory(prefix="edged-board-") as directory:
        yield unpack_dump(text, Path(directory), name=str(file))
