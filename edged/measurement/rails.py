"""Energy on every rail that is measured, or the reason why a rail has none."""

from collections.abc import Sequence
from dataclasses import dataclass

from edged.inference.job import Inference
from edged.measurement.energy import rail_energy
from edged.measurement.result import RailEnergy
from edged.measurement.sensor_facts import SensorFacts
from edged.measurement.verdict import Reason, Rejection
from edged.power.accuracy import Accuracy
from edged.sampling.rail_account import RailAccount


@dataclass(frozen=True, slots=True)
class RailWatch:
    """One rail whose power is measured.

    Attributes:
        account: Its readings and how its sensor does, filled by a sampler.
        accuracy: How far its sensor may be off.
        pair_ns: Duration of one shunt and one bus conversion of a chip that alternates them; 0 for others.
    """

    account: RailAccount
    accuracy: Accuracy
    pair_ns: int

    def facts(self) -> SensorFacts:
        """The sensor, with what is known now of the moments of its readings."""
        health = self.account.health()
        return SensorFacts(
            self.accuracy,
            pair_ns=self.pair_ns,
            timing_ns=(health.phase_uncertainty_s or 0.0) * 1e9,
            period_ratio=health.period_uncertainty_ratio or 0.0,
        )


def energy_of_rails(
    inferences: Sequence[Inference], guard_s: float, rails: Sequence[RailWatch]
) -> tuple[dict[str, RailEnergy], list[Rejection]]:
    """What one inference cost on each rail. A rail that fails costs the other rails nothing.

    Args:
        inferences: All of a measurement, warm-ups included, in order of time.
        guard_s: Idle time before and after the inferences that count, in seconds.
        rails: The rails that are measured.

    Returns:
        The energy by name of the rail, and a rejection for each rail that has none.
    """
    guard_ns = round(guard_s * 1e9)
    start_ns, end_ns = inferences[0].start_ns - guard_ns, inferences[-1].end_ns + guard_ns
    energies, rejections = {}, []
    for rail in rails:
        readings = rail.account.trace.between(start_ns, end_ns)
        energy = rail_energy(inferences, readings, guard_s, rail.facts())
        if isinstance(energy, RailEnergy):
            energies[rail.account.rail.name] = energy
        else:
            rejections.append(_why(rail.account, energy, start_ns, end_ns))
    return energies, rejections


def _why(account: RailAccount, rejection: Rejection, start_ns: int, end_ns: int) -> Rejection:
    """A rail whose sensor failed meanwhile is lost; one that only slept is not covered."""
    failures = account.failures.trace.between(start_ns, end_ns)
    name = account.rail.name
    if failures:
        detail = f"rail {name}: {len(failures)} reads failed, the last one because {failures[-1].what}"
        return Rejection(Reason.SENSOR_LOST, detail)
    return Rejection(rejection.reason, f"rail {name}: {rejection.detail}")
