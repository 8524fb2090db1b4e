"""The README's picture: `python -m tests.readme_picture` replays the paper's hour and draws its table."""

import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.cli.prepare import title
from edged.cli.results_table import results_table
from edged.config.sections import Config
from edged.measurement.protocol import PAPER
from edged.measurement.sweep import sweep

PICTURE = Path(__file__).parents[1] / ".readme" / "measure.svg"
_COMMAND = "edged measure --simulate xu3 --engine replay --protocol paper"
_COLUMNS = 80
# A picture in a README must not fetch a font from elsewhere: any font with fixed widths will do.
_FONT = re.compile(r"@font-face \{.*?\}", re.S)


def picture(directory: Path) -> str:
    """The finished table of the paper's protocol on the simulated XU3, as SVG.

    Args:
        directory: Where models would lie; a replay needs none.
    """
    config = Config()
    config = replace(
        config,
        measure=replace(config.measure, engine=REPLAY, protocol=PAPER.name),
        models=replace(config.models, directory=directory),
    )
    with assembled(config, Simulation("xu3")) as assembly:
        cases = assembly.cases
        measurements = sweep(cases, assembly.board, PAPER, assembly.rig, [])
        results = {measurement.case: measurement for measurement in measurements}
        table = results_table(cases, results, None, title(assembly, PAPER))
    console = Console(
        record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(table)
    drawn = _FONT.sub("", console.export_svg(title=_COMMAND, theme=MONOKAI, unique_id="edged"))
    return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines() if line.strip())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as nowhere:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture(Path(nowhere)), encoding="utf-8")
