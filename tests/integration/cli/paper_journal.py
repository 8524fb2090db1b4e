"""The journal of a board that repeats the paper's Table II."""

from dataclasses import replace
from pathlib import Path

from edged.journal.batch import Batch
from edged.journal.file import JournalFile
from edged.journal.retention import Bounds
from tests.unit.report.boards import LIFE, paper_records


def write_paper_journal(directory: Path, *, power: bool = True, simulation: str = "") -> Path:
    """Write the paper's 16 cases into a new journal; returns the configuration that names it."""
    life = replace(LIFE, simulation=simulation)
    config = directory / "edged.toml"
    config.write_text('[models]\ndirectory = "models"\n[journal]\npath = "journal.db"\n')
    (directory / "models").mkdir()
    journal = JournalFile(directory / "journal.db", Bounds(8 << 20, 36_500), life)
    journal.resume()
    measurements = [record.measurement for record in paper_records(directory / "models", power=power)]
    if not journal.write(Batch(measurements, (), {}, 1, 1.7e9)):
        raise OSError("the journal could not be written")
    journal.close()
    return config
