"""The journal of a board that repeats the paper's Table II."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from edged.journal.batch import Batch
from edged.journal.file import JournalFile
from edged.journal.life import Life
from edged.journal.retention import Bounds
from edged.measurement.result import Measurement
from tests.unit.report.boards import LIFE, paper_records


def write_paper_journal(
    directory: Path,
    *,
    power: bool = True,
    simulation: str = "",
    single_runs: Collection[str] = (),
    without_power: Collection[str] = (),
    fewer_rails: Collection[str] = (),
) -> Path:
    """Write the paper's 16 cases into a new journal; returns the configuration that names it.

    Args:
        directory: Where the journal and the configuration go.
        power: Whether the board has power sensors.
        simulation: What was simulated, in words.
        single_runs: Cases whose latency has no U95, since they ran once.
        without_power: Cases that ran while the sensors were away.
        fewer_rails: Cases that ran while only the sensor of the rail `little` was there.
    """
    measurements = [record.measurement for record in paper_records(directory / "models", power=power)]
    measurements = [_single_run(one) if str(one.case) in single_runs else one for one in measurements]
    measurements = [replace(one, rails={}) if str(one.case) in without_power else one for one in measurements]
    measurements = [_on_little(one) if str(one.case) in fewer_rails else one for one in measurements]
    return write_journal(directory, measurements, replace(LIFE, simulation=simulation))


def write_journal(directory: Path, measurements: Sequence[Measurement], life: Life = LIFE) -> Path:
    """Write measurements into a new journal; returns the configuration that names it."""
    config = directory / "edged.toml"
    config.write_text('[models]\ndirectory = "models"\n[journal]\npath = "journal.db"\n')
    (directory / "models").mkdir()
    journal = JournalFile(directory / "journal.db", Bounds(8 << 20, 36_500), life)
    journal.resume()
    if not journal.write(Batch(measurements, (), {}, 1, 1.7e9)):
        raise OSError("the journal could not be written")
    journal.close()
    return config


def _single_run(measurement: Measurement) -> Measurement:
    if measurement.latency is None:
        raise ValueError("a measurement of the paper has a latency")
    return replace(measurement, latency=replace(measurement.latency, u95_s=None, count=1))


def _on_little(measurement: Measurement) -> Measurement:
    return replace(measurement, rails={"little": measurement.rails["little"]})
