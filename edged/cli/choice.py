"""The options by which `edged measure` and `edged run` choose what runs, and how."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from edged.assembly.assembled import REPLAY, measures_power
from edged.assembly.parts import Simulation
from edged.cli.common_options import clusters_option, config_option
from edged.cli.simulation_option import check_seed, scenario_called, scenario_option, seed_option
from edged.config.file import ConfigFile, read_config
from edged.config.sections import DELEGATES, ENGINES, Config
from edged.errors import UsageError, not_among
from edged.measurement.cases import select
from edged.measurement.protocol import Protocol
from edged.measurement.result import Case
from edged.simulation.layout import KINDS

TFLITE = "tflite"
_AUTO = "auto"
_AUTO_KIND = "xu3"

_OPTIONS = (
    click.argument("names", nargs=-1, metavar="[MODEL|CASE]..."),
    click.option(
        "--precision",
        "precisions",
        metavar="PRECISION",
        multiple=True,
        help="Only this precision; may be given again.",
    ),
    clusters_option,
    click.option("--protocol", metavar="NAME", help="paper, burst, quick, or one of the configuration."),
    click.option(
        "--engine",
        metavar="NAME",
        help="tflite (whatever is installed), tflite-runtime, ai-edge-litert; replay with --simulate.",
    ),
    click.option("--delegate", metavar="NAME", help="auto, none or xnnpack."),
    click.option(
        "--simulate",
        metavar="xu3|xu4|auto",
        help="A simulated board instead of this machine; auto: if this one has no power sensors.",
    ),
    seed_option,
    scenario_option,
    config_option,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asks for; empty or None leaves it to the configuration.

    Attributes:
        names: Models, by their names or files, or cases, with `*` and `?` as in a shell.
        precisions: Precisions.
        clusters: CPU clusters.
        protocol: Name of the protocol.
        engine: Name of the engine; `tflite` is whatever is installed, `replay` goes with a simulated board.
        delegate: Name of the delegate.
        simulate: Kind of simulated board.
        seed: Seed of the simulated board.
        scenario: Name of what the simulated board is put through.
        config_path: Configuration file.
    """

    names: tuple[str, ...]
    precisions: tuple[str, ...]
    clusters: tuple[str, ...]
    protocol: str | None
    engine: str | None
    delegate: str | None
    simulate: str | None
    seed: int | None
    scenario: str | None
    config_path: Path | None

    def config(self) -> Config:
        """The configuration with what the command line puts in its place.

        Raises:
            UsageError: If the configuration cannot be used, or the command line asks for what is not known.
        """
        return self.config_file().config

    def config_file(self) -> ConfigFile:
        """As `config`, with where each value came from.

        Raises:
            UsageError: See `config`.
        """
        file = read_config(self.config_path)
        config = file.config
        check_seed(self.seed, self.simulate)
        scenario_called(self.scenario, self.simulate)
        if self.engine == REPLAY and not self.simulate:
            raise UsageError("--engine replay runs on a simulated board", remedy="give --simulate xu3 too")
        engines = (*ENGINES, TFLITE, REPLAY)
        _known("engine", self.engine, engines)
        _known("delegate", self.delegate, DELEGATES)
        _known("protocol", self.protocol, config.all_protocols())
        measure = replace(
            config.measure,
            engine=self._engine() or config.measure.engine,
            delegate=self.delegate or config.measure.delegate,
            protocol=self.protocol or config.measure.protocol,
            precisions=self._all_precisions(config),
        )
        return replace(file, config=replace(config, measure=measure))

    def simulation(self, config: Config, speed: float | None = 0.0) -> Simulation | None:
        """The simulated board asked for; None for this machine.

        Args:
            config: Whose power sensors count when a board is simulated only for want of any.
            speed: Virtual seconds per real second of a replay, 0 for as fast as it can; None if nobody chose,
                which is real time.

        Raises:
            UsageError: If there is no such simulated board.
        """
        scenario = scenario_called(self.scenario, self.simulate)
        if self.simulate is None:
            return None
        speed = 1.0 if speed is None else speed
        seed = self.seed or 0
        _known("simulated board", self.simulate, (*KINDS, _AUTO))
        if self.simulate == _AUTO:
            return None if measures_power(config) else Simulation(_AUTO_KIND, seed, scenario, speed)
        return Simulation(self.simulate, seed, scenario, speed)

    def _engine(self) -> str | None:
        return "auto" if self.engine == TFLITE else self.engine

    def cases(self, cases: list[Case]) -> list[Case]:
        """Those of the given cases that are asked for.

        Raises:
            UsageError: If something asked for is not there.
        """
        return select(cases, models=self.names, precisions=self.precisions, clusters=self.clusters)

    def _all_precisions(self, config: Config) -> tuple[str, ...]:
        """A precision asked for by name is there even if the configuration leaves it out."""
        return tuple(dict.fromkeys((*config.measure.precisions, *self.precisions)))


def protocol_of(config: Config) -> Protocol:
    """The protocol that a configuration asks for."""
    return config.all_protocols()[config.measure.protocol]


def with_choice(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a `Choice`, and hand it that choice as its first argument."""
    names = Choice.__dataclass_fields__

    @wraps(command)
    def chosen(**options: Any) -> Any:  # noqa: ANN401 - as click calls it
        choice = Choice(**{name: options.pop(name) for name in names})
        return command(choice, **options)

    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


def _known(kind: str, asked: str | None, known: Collection[str]) -> None:
    if asked is not None and asked not in known:
        raise not_among(known, kind, asked)
