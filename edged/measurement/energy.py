r"""What one inference cost on one rail: from the readings round the inferences to joules with an interval.

```
          idle guard     warm-up  idle guard   inferences and pauses              idle guard
 power                    ┌────┐              ┌──┐       ┌──┐       ┌──┐
       ───────────────────┘    └──────────────┘  └───────┘  └───────┘  └─────────────────────
 readings    (not used)            |  |  |  |==|==|  |  |==|==|  |  |==|==|  |  |  |  |
                                   \__ idle _/ window idle window idle window \_ idle __/
 baseline                          ──────●────────────●──────────●─────────────────●────
```

Net energy is the excess over the baseline, added up over all readings that touch a window; gross energy is
net + baseline x busy time. Averaging the readings taken "during inference" instead would read 96 % low for
inferences of 18 ms with 2 s pauses: most of their energy is in readings that begin or end in a pause.

The excess is divided by the busy time that the readings show, not by the number of inferences:

    net energy per inference = excess / shown busy time x mean latency

Without a gap in the readings that is the same. With missed averages it puts the mean of the others in their
place, and with a chip that watches the current half of the time it takes out what was seen too much or too
little at the ends of inferences (`conversions.py`).
"""

import math
from collections.abc import Sequence
from itertools import chain
from statistics import median

from edged.inference.job import Inference
from edged.measurement.baseline import Baseline
from edged.measurement.conversions import Excess, watched
from edged.measurement.droop import Droop
from edged.measurement.energy_budget import Account
from edged.measurement.result import RailEnergy, Uncertain
from edged.measurement.rounding import level_limit_uw
from edged.measurement.sensor_facts import SensorFacts
from edged.measurement.verdict import Reason, Rejection
from edged.measurement.windows import BusyTime, sort_readings
from edged.power.reading import Reading

# Less than this of the busy time in readings, and too much of the result would be guessed.
LEAST_COVERED = 0.8
# With fewer idle readings there is no scatter to speak of, and so no honest interval.
FEWEST_IDLE = 3
_STEADY_RATIO = 0.99


def rail_energy(
    inferences: Sequence[Inference], readings: Sequence[Reading], guard_s: float, facts: SensorFacts
) -> RailEnergy | Rejection:
    """Work out what one inference cost on one rail: the mean of those that ran.

    Args:
        inferences: All inferences of the measurement, warm-ups flagged, in order of time.
        readings: The rail's readings from before the idle guard time to after it, each average once, in
            order of time, not overlapping; there may be gaps.
        guard_s: Idle time before the first and after the last inference that counts, in seconds.
        facts: The sensor.

    Returns:
        The energy, or why there is none (`coverage`).
    """
    counted = [inference for inference in inferences if not inference.warmup]
    if not counted or not readings:
        return _uncovered("nothing was read while the inferences ran")
    # The guard band is one averaging time, so that a reading placed wrongly by that much is still in.
    band_ns = round(median(reading.end_ns - reading.start_ns for reading in readings))
    places = sort_readings(inferences, readings, round(guard_s * 1e9), band_ns)
    touching = list(chain.from_iterable(places.busy))
    busy = BusyTime(counted)
    covered_ns = sum(busy.between(reading.start_ns, reading.end_ns) for reading in touching)
    if covered_ns < LEAST_COVERED * busy.total_ns:
        return _uncovered(f"readings cover {covered_ns / busy.total_ns:.0%} of the inferences")
    if sum(map(len, places.idle)) < FEWEST_IDLE:
        return _uncovered("there are too few readings of the idle rail for a baseline")
    baseline = Baseline(places.idle)
    droop = Droop(places, busy)
    groups = [[_excess(reading, baseline, droop, facts) for reading in group] for group in places.busy]
    step = facts.step(touching[0])
    # One reading's energy scatters as the idle ones do; at the ends of inferences its rounding is random too.
    noise_uwns = math.sqrt(baseline.density * band_ns + (step.power_uw * band_ns) ** 2 / 12)
    seen = watched(list(chain.from_iterable(groups)), busy, facts.pair_ns, facts.timing_ns, noise_uwns)
    if seen is None:
        return _uncovered("the readings do not show the inferences")
    idle = list(chain.from_iterable(places.idle))
    steady = [reading for reading in touching if _steady(reading, busy)]
    account = Account(
        inferences=len(counted),
        busy=busy,
        groups=groups,
        baseline=baseline,
        seen=seen,
        noise_uwns=noise_uwns,
        covered_ns=covered_ns,
        voltage_uv=touching[0].voltage_uv,
        steady_ns=sum(reading.end_ns - reading.start_ns for reading in steady),
        idle_limit_uw=level_limit_uw(idle, facts),
        busy_limit_uw=level_limit_uw(steady, facts),
        truncated_uw=step.power_uw / 2 if step.truncated else 0.0,
        facts=facts,
    )
    net = account.net_budget()
    return RailEnergy(
        net_energy_j=Uncertain(account.net_j, net.u95),
        gross_energy_j=Uncertain(account.gross_j, account.gross_budget().u95),
        idle_power_w=account.idle_power_uw / 1e6,
        components_j=net.components,
        coverage_ratio=min(1.0, covered_ns / busy.total_ns),
    )


def _uncovered(detail: str) -> Rejection:
    return Rejection(Reason.COVERAGE, detail)


def _steady(reading: Reading, busy: BusyTime) -> bool:
    """Whether inferences ran all the time: such readings show one level, and so one rounding."""
    duration_ns = reading.end_ns - reading.start_ns
    return busy.between(reading.start_ns, reading.end_ns) >= _STEADY_RATIO * duration_ns


def _excess(reading: Reading, baseline: Baseline, droop: Droop, facts: SensorFacts) -> Excess:
    """A reading's energy above the baseline."""
    energy_uwns = baseline.excess_uwns(reading)
    if facts.pair_ns:  # a chip multiplies its means; a meter may multiply before it takes the mean
        energy_uwns += droop.correction_uw(reading) * (reading.end_ns - reading.start_ns)
    return Excess(reading.start_ns, reading.end_ns, energy_uwns)
