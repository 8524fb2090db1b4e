"""Energy on every rail that is measured, or the reason why a rail has none."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from edged.inference.job import Inference
from edged.measurement.energy import rail_energy
from edged.measurement.frozen import frozen_ns, usual_rise_uw
from edged.measurement.others import NOBODY, Others
from edged.measurement.result import RailEnergy, Uncertain
from edged.measurement.sensor_facts import SensorFacts
from edged.measurement.verdict import Reason, Rejection
from edged.measurement.windows import BusyTime
from edged.power.accuracy import Accuracy
from edged.power.conversions import Conversions
from edged.power.reading import Reading
from edged.power.sensor import Failure
from edged.sampling.rail_account import RailAccount

# Rails that feel an inference on any CPU cluster.
_ALWAYS_FELT = frozenset({"board", "mem"})


@dataclass(frozen=True, slots=True)
class RailWatch:
    """One rail whose power is measured.

    Attributes:
        account: Its readings and how its sensor does, filled by a sampler.
        accuracy: Tells how far its sensor may be off; a chip knows its shunt only once it has been opened.
        conversions: Tells how a chip looks at current and voltage by turns; none for others.
    """

    account: RailAccount
    accuracy: Callable[[], Accuracy]
    conversions: Callable[[], Conversions] = Conversions

    def facts(self) -> SensorFacts:
        """The sensor as it is known now, and the moments of its readings."""
        health, conversions = self.account.health(), self.conversions()
        return SensorFacts(
            self.accuracy(),
            pair_ns=conversions.pair_ns,
            # What is shown late may be so by anything up to the longest lag: a rectangular distribution.
            timing_ns=math.hypot(
                (health.phase_uncertainty_s or 0.0) * 1e9, conversions.longest_lag_ns / math.sqrt(12)
            ),
            period_ratio=health.period_uncertainty_ratio or 0.0,
        )


def energy_of_rails(
    inferences: Sequence[Inference],
    cpu_cluster: str,
    guard_s: float,
    rails: Sequence[RailWatch],
    foreign_cpus: float,
    *,
    others: Others = NOBODY,
) -> tuple[dict[str, RailEnergy], list[Rejection]]:
    """What one inference cost on each rail. A rail that fails costs the other rails nothing.

    Args:
        inferences: All of a measurement, warm-ups included, in order of time.
        cpu_cluster: Name of the CPU cluster that they ran on.
        guard_s: Idle time before and after the inferences that count, in seconds.
        rails: The rails that are measured.
        foreign_cpus: How many CPUs more (or fewer) others used during the inferences than in the idle time.
        others: When they used how many.

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
            felt = rail.account.rail.name in {cpu_cluster, *_ALWAYS_FELT}
            energy = _unless_frozen(
                energy, inferences, guard_ns, readings, rail.facts(), others=others, felt=felt
            )
        if _was_reset(rail.account, start_ns, end_ns):
            energy = Rejection(Reason.SENSOR_LOST, "its readings cannot be placed in time")
        if isinstance(energy, RailEnergy):
            energies[rail.account.rail.name] = with_foreign_load(energy, foreign_cpus)
        else:
            rejections.append(_why(rail.account, energy, start_ns, end_ns))
    return energies, rejections


def _unless_frozen(
    energy: RailEnergy,
    inferences: Sequence[Inference],
    guard_ns: int,
    readings: Sequence[Reading],
    facts: SensorFacts,
    *,
    others: Others,
    felt: bool,
) -> RailEnergy | Rejection:
    """The energy, unless the sensor may have shown an old value; `felt`: the rail must feel inferences."""
    counted = [inference for inference in inferences if not inference.warmup]
    start_ns, end_ns = counted[0].start_ns - guard_ns, counted[-1].end_ns + guard_ns
    beside = [reading for reading in readings if start_ns <= reading.start_ns and reading.end_ns <= end_ns]
    busy = BusyTime(inferences)
    rise_uw = math.inf if felt else usual_rise_uw(beside, busy, others)
    step_uw = facts.step(readings[0]).power_uw
    frozen_s = frozen_ns(beside, busy, rise_uw, step_uw) / 1e9
    if not frozen_s:
        return energy
    detail = f"its sensor showed one value for {frozen_s:.1f} s although the load changed"
    if not frozen_ns(beside, busy, rise_uw, step_uw, others):
        # It may be right: others may have left as the inferences came.
        return Rejection(Reason.FOREIGN_LOAD, f"{detail}, but others were busy meanwhile")
    return Rejection(Reason.SENSOR_LOST, detail)


def with_foreign_load(energy: RailEnergy, foreign_cpus: float) -> RailEnergy:
    """The energy with what others may have added to it, or to its baseline, in its uncertainty.

    A CPU that others keep busy draws about as much as the worker's own, so that the net energy times the
    CPUs' number is a limit. Its sign is always the same, and so it is added as it is, not in quadrature.

    Args:
        energy: As read, foreign load included.
        foreign_cpus: CPUs that others used beside the inferences, beyond those in the idle time.
    """
    limit_j = abs(foreign_cpus * energy.net_energy_j.value)
    standard_j = limit_j / math.sqrt(3)

    def widened(quantity: Uncertain) -> Uncertain:
        return Uncertain(quantity.value, quantity.u95 + limit_j)

    return replace(
        energy,
        net_energy_j=widened(energy.net_energy_j),
        gross_energy_j=widened(energy.gross_energy_j),
        components_j={**energy.components_j, "foreign_load": standard_j},
    )


def _was_reset(account: RailAccount, start_ns: int, end_ns: int) -> bool:
    """Whether a chip said something invalid: it was reset then, and its rhythm is unknown for a while."""
    failures = account.failures.trace.between(start_ns, end_ns)
    return any(failure.kind is Failure.INVALID for failure in failures)


def _why(account: RailAccount, rejection: Rejection, start_ns: int, end_ns: int) -> Rejection:
    """A rail whose sensor failed meanwhile is lost; one that only slept is not covered."""
    failures = account.failures.trace.between(start_ns, end_ns)
    name = account.rail.name
    if account.origin_ns > start_ns and rejection.reason is Reason.COVERAGE:
        return Rejection(Reason.SENSOR_LOST, f"rail {name}: its sensor came while it was measured")
    if failures:
        detail = f"rail {name}: {len(failures)} reads failed, the last one because {failures[-1].what}"
        return Rejection(Reason.SENSOR_LOST, detail)
    return Rejection(rejection.reason, f"rail {name}: {rejection.detail}")
