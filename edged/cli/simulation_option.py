"""The options that put a simulated board in this machine's place."""

from collections.abc import Callable
from typing import Any

import click

from edged.cli.number import WholeNumber
from edged.errors import UsageError, not_among
from edged.simulation.named_scenarios import CALM, SCENARIOS
from edged.simulation.scenario import Scenario

seed_option: Callable[..., Any] = click.option(
    "--seed",
    metavar="N",
    type=WholeNumber(0, (1 << 32) - 1),
    help="Seed of the simulated board: the same one repeats its noise and its sensors' errors.",
)


def _known_simulated(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Refuses what no simulated board leaves behind, such as a journal called "xu5"."""
    if not name:
        return name
    # Imported here: most ask for a real board's.
    from edged.simulation.layout import KINDS  # noqa: PLC0415

    known = [f"{kind}{how}" for kind in KINDS for how in ("", "-replay")]
    if name not in known:
        raise not_among(known, "simulated board", name)
    return name


def simulated_option(what: str) -> Callable[..., Any]:
    """`--simulated`: what an earlier `--simulate` has left behind.

    Args:
        what: What there is of it, for the help, such as "The journal".
    """
    return click.option(
        "--simulated",
        metavar="NAME",
        default="",
        callback=_known_simulated,
        help=f"{what} of a simulated board: xu3, xu4; xu3-replay, xu4-replay.",
    )


def check_seed(seed: int | None, simulate: str | None) -> None:
    """Refuse a seed without a simulated board, which it would have no effect on.

    Args:
        seed: What --seed says, if it is given.
        simulate: What --simulate says, if it is given.

    Raises:
        UsageError: If only the seed is given.
    """
    if seed is not None and simulate is None:
        raise UsageError(
            "--seed is that of a simulated board",
            remedy="give --simulate too; the seed of random inputs is measure.seed in edged.toml",
        )


scenario_option: Callable[..., Any] = click.option(
    "--scenario",
    metavar="|".join(SCENARIOS),
    help=f"What the simulated board is put through; {CALM} unless given.",
)


def scenario_called(name: str | None, simulate: str | None) -> Scenario:
    """The scenario of that name.

    Args:
        name: What --scenario says, if it is given.
        simulate: What --simulate says, if it is given.

    Raises:
        UsageError: If there is no such scenario, or no simulated board to go through it.
    """
    if name is not None and simulate is None:
        raise UsageError("--scenario is that of a simulated board", remedy="give --simulate xu3 too")
    if name is not None and name not in SCENARIOS:
        raise not_among(SCENARIOS, "scenario", name)
    return SCENARIOS[name or CALM]
