"""The table of energies: what one inference cost on each rail."""

from collections.abc import Iterable

from edged.cli.quantity import with_uncertainty
from edged.cli.results_table import short_name
from edged.cli.table import Column, FittingTable
from edged.measurement.result import Measurement

_COLUMNS = (
    Column("model", folds=20),
    Column("cluster", folds=8),
    Column("rail", folds=8),
    Column("net", right=True),
    Column("gross", right=True, spare=1),
    Column("idle", right=True, spare=2),
)


def energy_table(measurements: Iterable[Measurement], *, simulated: bool) -> FittingTable:
    """One row per case and rail.

    Args:
        measurements: Those with energies are shown.
        simulated: Whether the power sensors are simulated.
    """
    what = "energy per inference (value ± U95)"
    table = FittingTable(f"{what}: SIMULATED SENSORS" if simulated else what, _COLUMNS, "--json")
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
