"""`edged advise`: which model to deploy on which CPU cluster, from this board's own results."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from edged.cli.live import wide_console
from edged.cli.quantity import with_uncertainty
from edged.cli.report import known_models
from edged.config.file import load_config
from edged.errors import EdgedError, UsageError
from edged.journal.reader import Wanted, read_records
from edged.measurement.result import Uncertain
from edged.report.board import BoardResults, board_results
from edged.tradeoff.advice import Advice, Keeps, Least, Limits, Option, next_better
from edged.tradeoff.advice import advise as advise_on

_POSITIVE = click.FloatRange(min=0.0, min_open=True)


@click.command()
@click.option("--max-latency", type=_POSITIVE, metavar="MS", help="Most mean latency, in milliseconds.")
@click.option("--min-fps", type=_POSITIVE, metavar="FPS", help="Least frames per second.")
@click.option(
    "--min-accuracy", type=click.FloatRange(0.0, 100.0), metavar="PERCENT", help="Least top-1 accuracy."
)
@click.option(
    "--max-energy",
    type=_POSITIVE,
    metavar="MJ",
    help="Most net energy per inference over all rails, in millijoules.",
)
@click.option(
    "--least",
    type=click.Choice([each.value for each in Least]),
    help="What is to be least. Default: energy where it is measured, else latency.",
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option(
    "--simulated", metavar="NAME", default="", help="The journal of a simulated board: xu3, xu3-replay, ..."
)
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="Default: /etc/edged/edged.toml."
)
def advise(
    *,
    max_latency: float | None,
    min_fps: float | None,
    min_accuracy: float | None,
    max_energy: float | None,
    least: str | None,
    as_json: bool,
    simulated: str,
    config_path: Path | None,
) -> int:
    """Say which model on which CPU cluster keeps to your limits and costs least.

    Cases are judged by their last valid measurement; "probably" means that U95 leaves it open. Ends with 1 if
    nothing keeps to the limits.
    """
    if max_latency and min_fps:
        raise UsageError("--max-latency and --min-fps say the same in two ways", remedy="give one of them")
    config = load_config(config_path)
    path = config.journal.path_for(simulated)
    board = board_results(read_records(path, Wanted(valid=True)), known_models(config))
    if board is None:
        remedy = "edged run measures"
        raise EdgedError("the journal has no valid measurement", where=str(path), remedy=remedy)
    options = _options(board)
    limits = Limits(
        max_latency_s=1e-3 * max_latency if max_latency else 1 / min_fps if min_fps else None,
        min_top1_ratio=None if min_accuracy is None else min_accuracy / 100,
        max_energy_j=1e-3 * max_energy if max_energy else None,
    )
    aim = Least(least) if least else _default_aim(options)
    advice = advise_on(options, limits, aim)
    better = next_better(options, advice[0].option, aim) if advice else None
    if as_json:
        json.dump(_json(advice, better, aim, board.life.simulation), sys.stdout, indent=2)
        print()
    else:
        console = wide_console()
        if board.life.simulation:
            console.print(f"SIMULATED: {board.life.simulation}", style="bold", highlight=False)
        console.print(_table(advice) if advice else _nothing(options, limits), highlight=False)
        if better:
            console.print(_what_better_costs(advice[0].option, better, limits, aim), highlight=False)
    return 0 if advice else 1


def _options(board: BoardResults) -> list[Option]:
    return [
        Option(
            case.model.name,
            case.cpu_cluster,
            case.latency_s,
            case.model.accuracy.top1_ratio if case.model.accuracy else None,
            case.energy_j,
            board.size_bytes.get(case.model.name),
        )
        for case in board.cases
    ]


def _default_aim(options: list[Option]) -> Least:
    return Least.ENERGY if any(option.energy_j for option in options) else Least.LATENCY


def _table(advice: list[Advice]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("model", overflow="ellipsis")
    table.add_column("cluster", no_wrap=True)
    for heading in ("top-1", "latency", "FPS", "energy", "file", "times the first"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("keeps to limits", no_wrap=True)
    for each in advice:
        table.add_row(*_row(each))
    return table


def _row(each: Advice) -> tuple[str, ...]:
    option = each.option
    tied = "" if each.ahead or each.dearer_ratio == 1.0 else " (within U95)"
    return (
        option.model.removeprefix("mobilenet_v1_"),
        option.cpu_cluster,
        "" if option.top1_ratio is None else f"{100 * option.top1_ratio:.1f} %",
        _with_unit(option.latency_s, "s"),
        f"{1 / option.latency_s.value:.2f}",
        _with_unit(option.energy_j, "J"),
        "" if option.size_bytes is None else f"{option.size_bytes / 1e6:.1f} MB",
        f"x{each.dearer_ratio:.2f}{tied}",
        each.keeps.value,
    )


def _what_better_costs(choice: Option, better: Option, limits: Limits, aim: Least) -> str:
    assert choice.top1_ratio is not None  # noqa: S101 - without accuracy there is no next better one
    assert better.top1_ratio is not None  # noqa: S101
    points = 100 * (better.top1_ratio - choice.top1_ratio)
    costs = [f"{1e3 * (better.latency_s.value - choice.latency_s.value):+.1f} ms"]
    if better.energy_j and choice.energy_j:
        costs.append(f"{1e3 * (better.energy_j.value - choice.energy_j.value):+.1f} mJ")
    if better.size_bytes and choice.size_bytes:
        costs.append(f"{(better.size_bytes - choice.size_bytes) / 1e6:+.1f} MB")
    broken = "" if limits.kept_by(better) is not Keeps.NOT else ", which breaks your limits"
    return (
        f"{points:+.1f} points of accuracy with the least {aim}: {better.model}@{better.cpu_cluster}, "
        f"{', '.join(costs)}{broken}."
    )


def _nothing(options: list[Option], limits: Limits) -> str:
    """That no case keeps to the limits, and for each limit that no case keeps to the nearest one."""
    said = [f"None of {len(options)} measured cases keeps to these limits."]
    fastest = min(options, key=lambda option: option.latency_s.value)
    if limits.max_latency_s is not None and fastest.latency_s.value > limits.max_latency_s:
        said.append(f"  the fastest: {_case(fastest)}, {_with_unit(fastest.latency_s, 's')}")
    frugal = min(
        (option for option in options if option.energy_j),
        key=lambda option: option.energy_j.value if option.energy_j else 0.0,
        default=None,
    )
    if limits.max_energy_j is not None and frugal is None:
        said.append("  nothing measured power on this board")
    elif limits.max_energy_j is not None and frugal and limits.max_energy_j < _value(frugal.energy_j):
        said.append(f"  the least energy: {_case(frugal)}, {_with_unit(frugal.energy_j, 'J')}")
    accurate = max(options, key=lambda option: option.top1_ratio or 0.0)
    if limits.min_top1_ratio is not None and (accurate.top1_ratio or 0.0) < limits.min_top1_ratio:
        said.append(f"  the most accurate: {_case(accurate)}, {100 * (accurate.top1_ratio or 0.0):.1f} %")
    return "\n".join(said if len(said) > 1 else [*said, "  Each limit is kept by some case, all by none."])


def _case(option: Option) -> str:
    return f"{option.model}@{option.cpu_cluster}"


def _value(quantity: Uncertain | None) -> float:
    return quantity.value if quantity else 0.0


def _with_unit(quantity: Uncertain | None, unit: str) -> str:
    return with_uncertainty(quantity.value, quantity.u95, unit) if quantity else ""


def _json(advice: list[Advice], better: Option | None, aim: Least, simulation: str) -> dict[str, Any]:
    return {
        "least": aim.value,
        "simulation": simulation,
        "choices": [
            {**_option_json(each.option), "keeps": each.keeps.value, "dearer_ratio": each.dearer_ratio}
            for each in advice
        ],
        "next_better": _option_json(better) if better else None,
    }


def _option_json(option: Option) -> dict[str, Any]:
    energy = option.energy_j
    return {
        "model": option.model,
        "cpu_cluster": option.cpu_cluster,
        "top1_ratio": option.top1_ratio,
        "latency_s": {"value": option.latency_s.value, "u95": option.latency_s.u95},
        "net_energy_j": {"value": energy.value, "u95": energy.u95} if energy else None,
        "size_bytes": option.size_bytes,
    }
