"""`edged advise`: which model to deploy on which CPU cluster, from this board's own results."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from edged.cli.journal_board import journal_board
from edged.cli.limit import ENERGY_J, FRAMES_PER_SECOND, LATENCY_S, PERCENT, Limit
from edged.cli.plain_console import wide_console
from edged.cli.quantity import with_uncertainty
from edged.cli.table import Column, FittingTable
from edged.config.file import load_config
from edged.errors import EdgedError, UsageError
from edged.journal.reader import Wanted
from edged.measurement.result import Uncertain
from edged.report.board import BoardResults
from edged.tradeoff.advice import (
    Advice,
    Keeps,
    Least,
    Limits,
    Option,
    nearest,
    next_better,
    open_ones,
    undecided,
)
from edged.tradeoff.advice import advise as advise_on

# What is not known where a cost is not; a latency always is.
_COST_WORDS = {Least.LATENCY: "latency", Least.ENERGY: "energy", Least.MEMORY: "size"}


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
@click.option("--model", "models", multiple=True, help="Only this model, with * and ?; may be given again.")
@click.option("--cluster", "clusters", multiple=True, help="Only this CPU cluster; may be given again.")
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
    board = journal_board(load_config(config_path), simulated, Wanted(models=models, cpu_clusters=clusters))
    options = _options(board)
    limits = Limits(
        max_latency_s=1 / min_fps if min_fps else max_latency,
        min_top1_ratio=min_accuracy,
        max_energy_j=max_energy,
    )
    aim = Least(least) if least else _default_aim(options)
    _require_measured(aim, options, limits)
    advice = advise_on(options, limits, aim)
    better = next_better(options, advice[0].option, aim, limits) if advice else None
    if as_json:
        told = _json(
            advice, better, options=options, limits=limits, aim=aim, simulation=board.life.simulation
        )
        json.dump(told, sys.stdout, indent=2)
        print()
    else:
        console = wide_console()
        if board.life.simulation:
            console.print(f"SIMULATED: {board.life.simulation}", style="bold", highlight=False)
        console.print(_table(advice, aim) if advice else _nothing(options, limits), highlight=False)
        for line in _remarks(advice, better, options, limits, aim):
            console.print(line, highlight=False)
    return 0 if advice else 1


def _require_measured(aim: Least, options: list[Option], limits: Limits) -> None:
    """Raises where the answer would need what nothing on this board measures."""
    energy_asked = aim is Least.ENERGY or limits.max_energy_j is not None
    if energy_asked and not any(option.energy_j for option in options):
        raise EdgedError(
            "nothing measured power on this board, so that energy cannot be a limit or an aim",
            remedy="edged board says what would bring it",
        )


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


def _table(advice: list[Advice], aim: Least) -> FittingTable:
    columns = (
        Column("model", folds=20),
        Column("cluster", folds=8),
        Column("top-1", right=True),
        Column("latency", right=True),
        Column("FPS", right=True, spare=4),
        Column("energy", right=True, spare=1),
        Column("file", right=True, spare=5),
        Column(f"{aim} / least", right=True, spare=3),
        Column("keeps to limits", spare=2),
    )
    table = FittingTable("", columns, "--json")
    for each in advice:
        table.add_row(*_row(each, aim))
    return table


def _row(each: Advice, aim: Least) -> tuple[str, ...]:
    option = each.option
    return (
        option.model.removeprefix("mobilenet_v1_"),
        option.cpu_cluster,
        "not known" if option.top1_ratio is None else f"{100 * option.top1_ratio:.1f} %",
        _with_unit(option.latency_s, "s"),
        f"{1 / option.latency_s.value:.2f}",
        _with_unit(option.energy_j, "J"),
        "" if option.size_bytes is None else f"{option.size_bytes / 1e6:.1f} MB",
        f"{_COST_WORDS[aim]} not known" if each.dearer_ratio is None else f"x{each.dearer_ratio:.2f}",
        each.keeps.value,
    )


def _remarks(
    advice: list[Advice], better: Option | None, options: list[Option], limits: Limits, aim: Least
) -> list[str]:
    """How certain the first choice is, what the next better one would cost, and what U95 leaves open."""
    said = []
    kept_out = undecided(options, limits)
    all_ranked = all(option.cost(aim) for option in (*(each.option for each in advice), *kept_out))
    if advice:
        said.append(
            _how_certain(advice, aim, all_ranked=all_ranked) if advice[0].ranked else _not_ranked(advice, aim)
        )
    if better:
        said.append(_what_better_costs(advice[0].option, better, limits, aim))
    elif advice and advice[0].option.top1_ratio is not None:
        all_known = all(option.top1_ratio is not None for option in options)
        said.append(
            f"Nothing {'that was measured' if all_known else 'whose accuracy is known'} is more accurate."
        )
    if better and advice[0].ranked and limits == Limits():
        least = "the least of all" if all_ranked else "the least that is known"
        said.append(f"That is {least}; --min-accuracy says how accurate it must be.")
    said += _not_known(advice, kept_out, limits, aim)
    said += [_left_open(option, limits.broken_by(option)) for option in open_ones(options, limits)]
    hardly_known = [_case(option) for option in options if not option.latency_s.u95_known]
    if hardly_known:
        said.append(f"One run tells no U95: that of the latency of {', '.join(hardly_known)} is not known.")
    return said


def _left_open(option: Option, broken: tuple[str, ...]) -> str:
    limits = " and ".join(broken)
    if "latency" in broken and not option.latency_s.u95_known:
        return f"{_case(option)} breaks your limit of {limits}, but its U95 is not known."
    return f"{_case(option)} breaks your limit of {limits} by less than U95."


def _how_certain(advice: list[Advice], aim: Least, *, all_ranked: bool) -> str:
    first, *rest = [each for each in advice if each.ranked]
    tied = [_case(each.option) for each in rest if not each.ahead]
    if tied and aim is Least.MEMORY:
        return f"Deploy {_case(first.option)}; its file is as small as that of {', '.join(tied)}."
    if tied and aim is Least.LATENCY and not _all_known(advice):
        return f"Deploy {_case(first.option)}; {', '.join(tied)} may have as little latency."
    if tied:
        return f"Deploy {_case(first.option)}; within U95, {', '.join(tied)} may have as little {aim}."
    surely = " for certain" if rest and first.keeps is Keeps.CERTAINLY else ""
    return f"Deploy {_case(first.option)}: the least {aim}{surely if all_ranked else ' that is known'}."


def _not_ranked(advice: list[Advice], aim: Least) -> str:
    """What there is to say where the cost of nothing that keeps to the limits is known."""
    what = _COST_WORDS[aim]
    if len(advice) == 1:
        probably = "probably " if advice[0].keeps is Keeps.PROBABLY else ""
        keeps = f"{_case(advice[0].option)} {probably}keeps to your limits"
        return f"{keeps}, but its {what} is not known: --least latency does without it."
    keep = f"{len(advice)} cases keep to your limits"
    return f"{keep}, but the {what} of none is known: --least latency ranks them."


def _not_known(advice: list[Advice], kept_out: list[Option], limits: Limits, aim: Least) -> Iterator[str]:
    """Which figures the answer lacks, and what would tell them."""
    unranked = [each.option for each in advice if not each.ranked]
    if unranked and advice[0].ranked:
        what = _COST_WORDS[aim].capitalize()
        yield f"{what} is not known of {_cases(unranked)}: --least latency does without it."
    blind = [option for option in kept_out if "energy" in limits.unknown_of(option)]
    if blind:
        yield f"Energy is not known of {_cases(blind)}: edged board says what would bring it."
    vague = [option for option in (*(each.option for each in advice), *kept_out) if option.top1_ratio is None]
    if vague:
        remedy = "top1_ratio in the [[model]] of one of your own tells it"
        yield f"Accuracy is not known of {_cases(vague)}: {remedy}."


def _all_known(advice: list[Advice]) -> bool:
    return all(each.option.latency_s.u95_known for each in advice)


def _what_better_costs(choice: Option, better: Option, limits: Limits, aim: Least) -> str:
    points = 100 * ((better.top1_ratio or 0.0) - (choice.top1_ratio or 0.0))
    costs = [_more(choice.latency_s, better.latency_s, "ms")]
    if better.energy_j and choice.energy_j:
        costs.append(_more(choice.energy_j, better.energy_j, "mJ"))
    if better.size_bytes and choice.size_bytes:
        costs.append(f"{(better.size_bytes - choice.size_bytes) / 1e6:+.1f} MB")
    broken = limits.broken_by(better)
    but = f"; it breaks your limit of {' and '.join(broken)}" if broken else ""
    lacking = " and ".join(_lacking(better, limits, aim))
    unknown = f"; its {lacking} {'is' if ' ' not in lacking else 'are'} not known" if lacking else ""
    return f"The next better, {_case(better)}: {points:+.1f} points for {', '.join(costs)}{but}{unknown}."


def _lacking(option: Option, limits: Limits, aim: Least) -> list[str]:
    """What is not known of an option, though it is asked for."""
    cost = [] if option.cost(aim) else [_COST_WORDS[aim]]
    return list(dict.fromkeys([*limits.unknown_of(option), *cost]))


def _more(choice: Uncertain, better: Uncertain, unit: str) -> str:
    ratio = f" (x{better.value / choice.value:.2f})" if choice.value > 0 else ""
    return f"{1e3 * (better.value - choice.value):+.1f} {unit}{ratio}"


def _nothing(options: list[Option], limits: Limits) -> str:
    """That no case keeps to the limits, and what comes nearest to each."""
    keeps = "is known to keep" if undecided(options, limits) else "keeps"
    said = [f"None of {len(options)} measured cases {keeps} to these limits."]
    for each in nearest(options, limits):
        option = each.option
        name, figure = {
            "latency": (
                "fastest",
                f"{_with_unit(option.latency_s, 's')}, {1 / option.latency_s.value:.2f} FPS",
            ),
            "accuracy": ("most accurate", f"{100 * (option.top1_ratio or 0.0):.1f} %"),
            "energy": ("most frugal", _with_unit(option.energy_j, "J")),
        }[each.limit]
        alone = limits == limits.only(each.limit)
        which = "" if alone else " that keeps to the rest" if each.within_others else " of all"
        said.append(f"  The {name}{which}: {_case(option)}, {figure}.")
    return "\n".join(said)


def _case(option: Option) -> str:
    return f"{option.model}@{option.cpu_cluster}"


def _cases(options: list[Option]) -> str:
    """How many, and which."""
    return f"{len(options)} case{'s' if len(options) > 1 else ''}, {', '.join(map(_case, options))}"


def _with_unit(quantity: Uncertain | None, unit: str) -> str:
    if quantity is None:
        return ""
    if not quantity.u95_known:
        return f"{with_uncertainty(quantity.value, None, unit)} ± ?"
    return with_uncertainty(quantity.value, quantity.u95, unit)


def _json(
    advice: list[Advice],
    better: Option | None,
    *,
    options: list[Option],
    limits: Limits,
    aim: Least,
    simulation: str,
) -> dict[str, Any]:
    return {
        "least": aim.value,
        "simulation": simulation,
        "choices": [
            {
                **_option_json(each.option),
                "keeps": each.keeps.value,
                "dearer_ratio": each.dearer_ratio,
                "certainly_dearer": each.ahead,
                "not_known": _lacking(each.option, limits, aim),
            }
            for each in advice
        ],
        "next_better": {
            **_option_json(better),
            "breaks": limits.broken_by(better),
            "not_known": _lacking(better, limits, aim),
        }
        if better
        else None,
        "open_within_u95": [
            {**_option_json(option), "breaks": limits.broken_by(option)}
            for option in open_ones(options, limits)
        ],
        "undecided": [
            {**_option_json(option), "not_known": limits.unknown_of(option)}
            for option in undecided(options, limits)
        ],
        "nearest": [{**_option_json(each.option), "limit": each.limit} for each in nearest(options, limits)]
        if not advice
        else [],
    }


def _option_json(option: Option) -> dict[str, Any]:
    energy = option.energy_j
    return {
        "model": option.model,
        "cpu_cluster": option.cpu_cluster,
        "top1_ratio": option.top1_ratio,
        "latency_s": _quantity_json(option.latency_s),
        "net_energy_j": _quantity_json(energy) if energy else None,
        "size_bytes": option.size_bytes,
    }


def _quantity_json(quantity: Uncertain) -> dict[str, float | None]:
    return {"value": quantity.value, "u95": quantity.u95 if quantity.u95_known else None}
