"""`edged advise`: which model to deploy on which CPU cluster, from this board's own results."""

import json
import sys
from pathlib import Path

import click

from edged.cli.answer import Answer, answer
from edged.cli.answer_json import answer_json
from edged.cli.answer_table import answer_table
from edged.cli.answer_text import nothing_keeps, remarks
from edged.cli.common_options import clusters_option, config_option, models_option
from edged.cli.journal_board import journal_board
from edged.cli.journal_models import journal_models
from edged.cli.limit import ENERGY_J, FRAMES_PER_SECOND, LATENCY_S, PERCENT, Limit
from edged.cli.plain_console import wide_console
from edged.cli.simulation_option import simulated_option
from edged.config.file import load_config
from edged.errors import UsageError
from edged.journal.reader import Wanted
from edged.tradeoff.advice import Least, Limits


@click.command()
@click.option(
    "--max-latency", type=Limit(LATENCY_S), metavar="TIME", help="Most mean latency: 50, 50ms or 0.05s."
)
@click.option("--min-fps", type=Limit(FRAMES_PER_SECOND), metavar="FPS", help="Least frames per second: 20.")
@click.option(
    "--min-accuracy",
    type=Limit(PERCENT, percent=True),
    metavar="PERCENT",
    help="Least top-1 accuracy: 65 or 65%.",
)
@click.option(
    "--max-energy",
    type=Limit(ENERGY_J),
    metavar="ENERGY",
    help="Most net energy per inference over all rails: 100, 100mJ or 0.1J.",
)
@click.option(
    "--least",
    type=click.Choice([each.value for each in Least]),
    help="What is to be least. Default: energy where it is measured, else latency.",
)
@models_option
@clusters_option
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@simulated_option("The journal")
@config_option
def advise(
    *,
    max_latency: float | None,
    min_fps: float | None,
    min_accuracy: float | None,
    max_energy: float | None,
    least: str | None,
    models: tuple[str, ...],
    clusters: tuple[str, ...],
    as_json: bool,
    simulated: str,
    config_path: Path | None,
) -> int:
    """Say which model on which CPU cluster keeps to your limits and costs least.

    Cases are judged by their last valid measurement; "probably" means that U95 leaves it open or, as "± ?"
    says, is not known. What keeps to the limits at a cost that is not known comes last. Ends with 1 if
    nothing keeps to the limits.
    """
    if max_latency and min_fps:
        raise UsageError("--max-latency and --min-fps say the same in two ways", remedy="give one of them")
    wanted = Wanted(models=journal_models(models), cpu_clusters=clusters)
    board = journal_board(load_config(config_path), simulated, wanted)
    limits = Limits(
        max_latency_s=1 / min_fps if min_fps else max_latency,
        min_top1_ratio=min_accuracy,
        max_energy_j=max_energy,
    )
    found = answer(board, limits, Least(least) if least else None)
    if as_json:
        json.dump(answer_json(found), sys.stdout, indent=2)
        print()
    else:
        _show(found)
    return 0 if found.advice else 1


def _show(found: Answer) -> None:
    console = wide_console()
    if found.simulation:
        console.print(f"SIMULATED: {found.simulation}", style="bold", highlight=False)
    if found.advice:
        console.print(answer_table(found))
    for line in (*(() if found.advice else nothing_keeps(found)), *remarks(found)):
        console.print(line, highlight=False)
