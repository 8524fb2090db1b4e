"""`edged report`: the paper's figures, table and claims from this board's results."""

from pathlib import Path

import click

from edged.cli.common_options import config_option
from edged.cli.journal_board import journal_board
from edged.cli.simulation_option import simulated_option
from edged.cli.since import since_wall_s
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.errors import EdgedError, UsageError
from edged.inference.whole_file import write_whole
from edged.journal.reader import Wanted
from edged.report.document import GENERATOR, svg_file
from edged.report.document import report as report_of
from edged.report.figures import figures as figures_of
from edged.report.png import Rasteriser

# Where a report says what made it.
_HEAD_BYTES = 1024


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="edged-report.html")
@click.option(
    "--figures",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each figure as an SVG file into this directory too.",
)
@click.option("--png", is_flag=True, help="And as PNG beside it; needs python3-cairosvg.")
@click.option("--since", metavar="WHEN", help="30m, 12h, 7d, or a date: only what finished since then.")
@simulated_option("The journal")
@config_option
def report(
    file: Path,
    *,
    directory: Path | None,
    png: bool,
    since: str | None,
    simulated: str,
    config_path: Path | None,
) -> None:
    """Write the results of this board beside the paper's into FILE, an HTML page that needs nothing else.

    FILE is edged-report.html unless given; an earlier report is replaced, no other file is.
    """
    if png and directory is None:
        raise UsageError("--png is for the files of --figures", remedy="add --figures DIR")
    rasteriser = Rasteriser() if png else None
    _require_replaceable(file)
    config = load_config(config_path)
    clock = SystemClock()
    wanted = Wanted(since_wall_s=None if since is None else since_wall_s(since, clock.wall_s()))
    board = journal_board(config, simulated, wanted)
    drawn = list(figures_of(board))
    write_whole(file, report_of(board, drawn, clock.wall_s()).encode(), remedy="name another FILE")
    if directory:
        for figure in drawn:
            picture = svg_file(figure)
            write_whole(directory / f"{figure.name}.svg", picture.encode(), remedy="name another directory")
            if rasteriser:
                write_whole(directory / f"{figure.name}.png", rasteriser.png(picture))
    if board.life.simulation:
        click.echo(f"SIMULATED: {board.life.simulation}")
    also = f", the figures in {directory} too" if directory else ""
    click.echo(f"{_count(len(board.cases), 'case')}, {_count(len(drawn), 'figure')}: {file}{also}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _require_replaceable(file: Path) -> None:
    """Raises where there is a file that is no report: it may be somebody's work."""
    try:
        with file.open("rb") as there:
            head = there.read(_HEAD_BYTES)
    except FileNotFoundError:
        return
    except OSError as error:
        raise EdgedError(
            f"cannot be read: {error.strerror}", where=str(file), remedy="name another FILE"
        ) from error
    if head and GENERATOR.encode() not in head:
        raise UsageError(
            "there is a file of that name, and it is no report", where=str(file), remedy="name another FILE"
        )
