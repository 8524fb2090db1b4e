"""`edged report`: the paper's figures, table and claims from this board's results."""

from pathlib import Path

import click

from edged.cli.since import since_wall_s
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.config.sections import Config
from edged.errors import EdgedError
from edged.inference.model import Model
from edged.inference.whole_file import write_whole
from edged.inference.zoo import PRECISIONS, mobilenets
from edged.journal.reader import Wanted, read_records
from edged.report.board import board_results
from edged.report.document import report as report_of
from edged.report.document import svg_file
from edged.report.figures import figures as figures_of


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="edged-report.html")
@click.option(
    "--figures",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write each figure as an SVG file into this directory too.",
)
@click.option("--since", metavar="WHEN", help="30m, 12h, 7d, or a date: only what finished since then.")
@click.option(
    "--simulated", metavar="NAME", default="", help="The journal of a simulated board: xu3, xu3-replay, ..."
)
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="Default: /etc/edged/edged.toml."
)
def report(
    file: Path, *, directory: Path | None, since: str | None, simulated: str, config_path: Path | None
) -> None:
    """Write the results of this board beside the paper's into FILE, an HTML page that needs nothing else."""
    config = load_config(config_path)
    clock = SystemClock()
    path = config.journal.path_for(simulated)
    wanted = Wanted(since_wall_s=None if since is None else since_wall_s(since, clock.wall_s()))
    board = board_results(read_records(path, wanted), known_models(config))
    if board is None:
        raise EdgedError(
            "the journal has no valid measurement", where=str(path), remedy="let edged run measure"
        )
    drawn = list(figures_of(board))
    write_whole(file, report_of(board, drawn, clock.wall_s()).encode())
    if directory:
        for figure in drawn:
            write_whole(directory / f"{figure.name}.svg", svg_file(figure).encode())
    click.echo(f"{len(board.cases)} cases, {len(drawn)} figures: {file}")


def known_models(config: Config) -> tuple[Model, ...]:
    """Every model that results can be of."""
    return (*mobilenets(config.models.directory, PRECISIONS), *config.own_models())
