"""Measurements of the journal as a table."""

from collections.abc import Sequence

from edged.cli.history_table import local_time
from edged.cli.quantity import with_uncertainty
from edged.cli.results_table import short_name, verdict_text
from edged.cli.table import Column, FittingTable
from edged.journal.record import Record

_COLUMNS = (
    Column("finished", spare=2),
    Column("model", folds=20),
    Column("cluster", folds=8),
    Column("latency", right=True),
    Column("FPS", right=True, spare=3),
)
_ENERGY = (Column("rail", right=True, spare=1, folds=8), Column("net energy", right=True, spare=1))
_VERDICT = Column("verdict", folds=18)


def records_table(records: Sequence[Record], title: str) -> FittingTable:
    """One row per measurement, and one more for each further rail; energies only where there are any.

    Args:
        records: In the order of the rows.
        title: What stands above.
    """
    has_energy = any(record.measurement.rails for record in records)
    energy_columns = _ENERGY if has_energy else ()
    table = FittingTable(title, (*_COLUMNS, *energy_columns, _VERDICT), "--format csv")
    for record in records:
        measurement = record.measurement
        latency = measurement.latency
        energies: list[tuple[str, ...]] = [
            (rail, with_uncertainty(energy.net_energy_j.value, energy.net_energy_j.u95, "J"))
            for rail, energy in measurement.rails.items()
        ]
        first, *others = energies or [("",) * len(energy_columns)]
        style = "" if measurement.verdict.valid else "dim"
        table.add_row(
            local_time(record.measurement.finished_wall_s),
            short_name(measurement.case.model),
            measurement.case.cpu_cluster,
            with_uncertainty(latency.mean_s, latency.u95_s, "s") if latency else "",
            f"{latency.frames_per_second:.2f}" if latency else "",
            *first,
            verdict_text(measurement),
            style=style,
        )
        for rail, energy in others:
            table.add_row("", "", "", "", "", rail, energy, "", style=style)
    return table
