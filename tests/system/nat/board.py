"""A simulated board's edged, where nobody but the board itself can ask it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.integration.cli.command import REPLAY, line_with
from tests.system.nat.network import Place


@contextmanager
def edged(place: Place, directory: Path) -> Iterator["subprocess.Popen[str]"]:
    """The daemon from the moment that it serves to its end.

    Args:
        place: Where.
        directory: Where its configuration and its journal go.
    """
    config = directory / "edged.toml"
    config.write_text('[journal]\npath = "journal.db"\n')
    words = [sys.executable, "-m", "edged", "run", *REPLAY, "--config", str(config)]
    process = subprocess.Popen(
        place.command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert "127.0.0.1:10231" in line_with(process, "metrics: ")
        yield process
    finally:
        process.kill()
        process.communicate()
