"""The energy of an inference on the whole board, or as much of it as the rails show.

Rails add up, but for those that are in another one: a meter at the board's supply sees all of it, and a
RAPL package has its cores in it. DRAM is named below the package and is not in it.
"""

import math
from collections.abc import Mapping

from edged.measurement.result import RailEnergy, Uncertain

_WHOLE = ("board", "psys")
_BESIDE_ITS_PARENT = "dram"


def rails_that_add_up(rails: Mapping[str, RailEnergy]) -> tuple[str, ...]:
    """Names of the rails whose sum counts nothing twice; empty where nothing measures power."""
    for whole in _WHOLE:
        if whole in rails:
            return (whole,)
    return tuple(name for name in rails if not _is_part(name, rails))


def inference_energy(rails: Mapping[str, RailEnergy]) -> Uncertain | None:
    """Net energy per inference in joules, added over rails; None where nothing measures power.

    Each rail has a sensor and a shunt of its own, so their errors are taken as independent: U95 is the root
    of the sum of squares (JCGM 100:2008, 5.1.2).

    Args:
        rails: Energies of one measurement by rail.
    """
    energies = [rails[name].net_energy_j for name in rails_that_add_up(rails)]
    if not energies:
        return None
    return Uncertain(sum(energy.value for energy in energies), math.hypot(*(each.u95 for each in energies)))


def _is_part(name: str, rails: Mapping[str, RailEnergy]) -> bool:
    parent, _, part = name.rpartition("/")
    return parent in rails and part != _BESIDE_ITS_PARENT
