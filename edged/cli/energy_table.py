"""The table of energies: what one inference cost on each rail."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from edged.cli.quantity import with_uncertainty
from edged.cli.results_table import short_name
from edged.measurement.result import Measurement


def energy_table(measurements: Iterable[Measurement], *, simulated: bool) -> Table:
    """One row per case and rail.

    Args:
        measurements: Those with energies are shown.
        simulated: Whether the power sensors are simulated.
    """
    what = "energy per inference (value ± U95)"
    table = Table(
        title=f"{what}: SIMULATED SENSORS" if simulated else what,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("model", overflow="ellipsis")
    table.add_column("cluster", no_wrap=True)
    table.add_column("rail", no_wrap=True)
    for heading in ("net", "gross", "idle"):
        table.add_column(heading, justify="right", no_wrap=True)
    for measurement in measurements:
        case = measurement.case
        first = (short_name(case.model), case.cpu_cluster)
        for rail, energy in measurement.rails.items():
            net, gross = energy.net_energy_j, energy.gross_energy_j
            table.add_row(
                *first,
                rail,
                with_uncertainty(net.value, net.u95, "J"),
                with_uncertainty(gross.value, gross.u95, "J"),
                with_uncertainty(energy.idle_power_w, None, "W"),
                style="" if measurement.verdict.valid else "dim",
            )
            first = ("", "")
    return table
