"""Which parts of an energy's uncertainty are exported.

Ten parts of four rails of 16 cases would be more than a third of all series of a board. So they are put
together to three that call for different remedies, and only told of the rail that feeds the case's CPU
cluster, where there is one. The journal keeps all of them.
"""

import math
from collections.abc import Iterator, Mapping

from edged.measurement.result import RailEnergy

# What to do about it: calibrate; measure longer; leave the board alone.
CALIBRATION, READINGS, BASELINE = "calibration", "readings", "baseline"
_PART_OF = {
    "gain": CALIBRATION,
    "shunt": CALIBRATION,
    "baseline": BASELINE,
    "drift": BASELINE,
    "foreign_load": BASELINE,
}


def energy_parts(cpu_cluster: str, rails: Mapping[str, RailEnergy]) -> Iterator[tuple[str, str, float]]:
    """Rail, part and standard uncertainty in joules.

    Args:
        cpu_cluster: Where the case ran.
        rails: Energies of the measurement by rail.
    """
    told = {cpu_cluster: rails[cpu_cluster]} if cpu_cluster in rails else rails
    for rail, energy in told.items():
        variances: dict[str, float] = {}
        for component, value_j in energy.components_j.items():
            part = _PART_OF.get(component, READINGS)
            variances[part] = variances.get(part, 0.0) + value_j * value_j
        for part, variance in variances.items():
            yield rail, part, math.sqrt(variance)
