"""What comes before the first measurement: models are built, and the board is introduced."""

from collections.abc import Sequence

from rich.console import Console

from edged.assembly.assembled import REPLAY
from edged.assembly.parts import Assembly
from edged.config.sections import Config
from edged.inference.build_missing import build, missing_models
from edged.inference.engine import installed_engines
from edged.measurement.protocol import Protocol
from edged.measurement.result import Case


def prepare_models(cases: Sequence[Case], config: Config, console: Console) -> None:
    """Build the models of these cases that are not there yet.

    Args:
        cases: What is to be measured.
        config: Where models lie.
        console: Where to say what takes the time.

    Raises:
        EdgedError: If they cannot be built.
    """
    if config.measure.engine == REPLAY:
        return
    directory = config.models.directory
    missing = missing_models(list(dict.fromkeys(case.model for case in cases)), directory)
    if not missing:
        return
    with console.status("building models"):
        build(missing, directory, config.measure.seed)
    console.print(f"models built in {directory}", highlight=False)


def title(assembly: Assembly, protocol: Protocol) -> str:
    """What stands above a table of results: which board, and how it is measured."""
    pause = f"{protocol.pause_s:g} s pause" if protocol.pause_s else "back to back"
    busy = f" and {protocol.min_busy_s:g} s" if protocol.min_busy_s else ""
    threads = f"{protocol.threads} thread" + ("s" if protocol.threads > 1 else "")
    how = f"{protocol.name} protocol: {protocol.min_runs} inferences{busy}, {pause}, {threads}"
    what = f"{assembly.board.identity.model}: MobileNet v1 224 by alpha and precision\n{how}"
    return f"{what}\n{assembly.simulation.upper()}" if assembly.simulation else what


def engine_in_use(config: Config) -> str:
    """Package that will run the models; "" if none is installed, or nothing real runs."""
    if config.measure.engine != "auto":
        return config.measure.engine
    return next(iter(installed_engines()), "")
