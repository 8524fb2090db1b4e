"""Measurements of the journal as a table."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from edged.cli.history_table import local_time
from edged.cli.quantity import with_uncertainty
from edged.cli.results_table import short_name, verdict_text
from edged.journal.record import Record


def records_table(records: Sequence[Record], title: str) -> Table:
    """One row per measurement, and one more for each further rail.

    Args:
        records: In the order of the rows.
        title: What stands above.
    """
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("finished", no_wrap=True)
    table.add_column("model", overflow="ellipsis")
    table.add_column("cluster", no_wrap=True)
    for heading in ("latency", "FPS", "rail", "net energy"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for record in records:
        measurement = record.measurement
        latency = measurement.latency
        energies = [
            (rail, with_uncertainty(energy.net_energy_j.value, energy.net_energy_j.u95, "J"))
            for rail, energy in measurement.rails.items()
        ]
        first, *others = energies or [("", "")]
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
