"""What a case costs, by objective."""

from enum import StrEnum

from edged.measurement.result import Measurement
from edged.tradeoff.front import Cost, Point
from edged.tradeoff.inference_energy import inference_energy


class Objective(StrEnum):
    """What accuracy is traded for."""

    LATENCY = "latency"
    MEMORY = "memory"
    ENERGY = "energy"
    LATENCY_AND_ENERGY = "latency_and_energy"

    @property
    def parts(self) -> tuple["Objective", ...]:
        """The costs that count, each as an objective of one cost."""
        return (Objective.LATENCY, Objective.ENERGY) if self is Objective.LATENCY_AND_ENERGY else (self,)


def point_of(
    objective: Objective,
    accuracy_ratio: float,
    measurement: Measurement | None,
    size_bytes: int | None,
) -> Point | None:
    """The case among others of that objective; None where one of its costs is not known.

    Args:
        objective: What counts as the cost: mean latency in seconds, size of the model in bytes, net
            energy per inference in joules over all rails, or latency with energy beside it.
        accuracy_ratio: Top-1 accuracy of its model.
        measurement: Its last valid measurement, if there is one.
        size_bytes: Size of its model, if that is known.
    """
    costs = [cost for part in objective.parts if (cost := _cost(part, measurement, size_bytes))]
    if len(costs) < len(objective.parts):
        return None
    first, *others = costs
    return Point(accuracy_ratio, first.value, first.u95, tuple(others))


def _cost(part: Objective, measurement: Measurement | None, size_bytes: int | None) -> Cost | None:
    if part is Objective.MEMORY:
        return None if size_bytes is None else Cost(size_bytes)
    if measurement is None:
        return None
    if part is Objective.LATENCY:
        latency = measurement.latency
        return Cost(latency.mean_s, latency.u95_s) if latency else None
    energy = inference_energy(measurement.rails)
    return Cost(energy.value, energy.u95) if energy else None
