"""What a measurement on a simulated board should have found."""

from collections.abc import Mapping
from dataclasses import dataclass

from edged.measurement.result import Measurement
from edged.simulation.board import SimulatedBoard

# The load of a real worker reaches the simulated board up to one step late (see `observed.py`); what is the
# worker's own is told apart from the rest, so that looking a little longer adds nothing else.
_LATE_NS = 20_000_000


@dataclass(frozen=True, slots=True)
class TrueRailEnergy:
    """What one inference truly cost on one rail, as the mean of those that count.

    Attributes:
        net_energy_j: Above idle, in joules.
        gross_energy_j: Idle included, in joules.
    """

    net_energy_j: float
    gross_energy_j: float


def true_energy(board: SimulatedBoard, measurement: Measurement) -> Mapping[str, TrueRailEnergy]:
    """The true energy of a measurement's inferences, by rail, for the rails that it has energies of.

    Args:
        board: Where it was made, at most six simulated hours ago.
        measurement: What was found.
    """
    counted = [inference for inference in measurement.inferences if not inference.warmup]
    if not counted:
        return {}
    whole = board.truth(counted[0].start_ns, counted[-1].end_ns + _LATE_NS)
    idle_j = dict.fromkeys(whole, 0.0)
    for inference in counted:
        for rail, energy in board.truth(inference.start_ns, inference.end_ns).items():
            idle_j[rail] += energy.idle_j
    return {
        rail: TrueRailEnergy(
            net_energy_j=whole[rail].net_j / len(counted),
            gross_energy_j=(whole[rail].net_j + idle_j[rail]) / len(counted),
        )
        for rail in measurement.rails
        if rail in whole
    }
