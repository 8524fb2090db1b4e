"""What a case costs, by objective."""

from enum import StrEnum

from edged.measurement.result import Measurement
from edged.tradeoff.front import Point
from edged.tradeoff.inference_energy import inference_energy


class Objective(StrEnum):
    """What accuracy is traded for."""

    LATENCY = "latency"
    MEMORY = "memory"
    ENERGY = "energy"


def point_of(
    objective: Objective,
    accuracy_ratio: float,
    measurement: Measurement | None,
    size_bytes: int | None,
) -> Point | None:
    """The case among others of that objective; None where its cost is not known.

    Args:
        objective: What counts as the cost: mean latency in seconds, size of the model file in bytes, or net
            energy per inference in joules over all rails.
        accuracy_ratio: Top-1 accuracy of its model.
        measurement: Its last valid measurement, if there is one.
        size_bytes: Size of its model file, if there is one.
    """
    if objective is Objective.MEMORY:
        return None if size_bytes is None else Point(accuracy_ratio, size_bytes)
    if measurement is None:
        return None
    if objective is Objective.LATENCY:
        latency = measurement.latency
        return Point(accuracy_ratio, latency.mean_s, latency.u95_s) if latency else None
    energy = inference_energy(measurement.rails)
    return Point(accuracy_ratio, energy.value, energy.u95) if energy else None
