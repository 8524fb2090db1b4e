"""Net energy per inference against the truth: error at the 95th percentile, sampling error alone.

Beside edged's figure, for the same simulated measurements: the naive average of what the chip shows during
inferences, and pollers at 1 Hz and 10 Hz that take each value to hold until the next one. Then edged alone
with things that go wrong: intervals misplaced, a slow chip clock, averages missed, a rail that sinks under
load; and told nothing of the chip's alternating conversions.
"""

import multiprocessing
import os
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import fmean

from edged.measurement.energy import rail_energy
from edged.measurement.result import RailEnergy
from edged.simulation.chip import ChipErrors
from tests.bench.trial import Scenario, Trial, chip_facts, run_trial

SEED = 5422
_TIMING_S = 0.0003
_FAULTS: dict[str, Callable[[Scenario, random.Random], Scenario]] = {
    "edged": lambda scenario, _: scenario,
    "moved 0.3 ms": lambda scenario, rng: replace(scenario, timing_s=rng.gauss(0.0, _TIMING_S)),
    "clock +10 %": lambda scenario, _: replace(scenario, errors=ChipErrors(period_ratio=1.1)),
    "2 % missed": lambda scenario, _: replace(scenario, missed=0.02),
    "load line": lambda scenario, _: replace(scenario, load_line_ohm=0.01),
    "not told": lambda scenario, _: scenario,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        name: What is measured.
        scenario: How.
        trials: How often.
        bar: Largest error at the 95th percentile; None where there is no bar.
    """

    name: str
    scenario: Scenario
    trials: int
    bar: float | None


def _big(latency_s: float, runs: int, pause_s: float) -> Scenario:
    return Scenario(0.11, 1.8, latency_s, runs, pause_s, 2.0 if pause_s else 1.5)


def _little(latency_s: float, runs: int, pause_s: float) -> Scenario:
    return Scenario(0.10, 0.27, latency_s, runs, pause_s, 2.0 if pause_s else 1.5)


ROWS = (
    Row("big    1 x 240 ms", _big(0.240, 1, 0.0), 100, 0.01),
    Row("big    1 s of 18 ms", _big(0.018, 56, 0.0), 100, 0.005),
    Row("big    100 x 18 ms, 2 s pauses", _big(0.018, 100, 2.0), 24, 0.005),
    Row("LITTLE 1 x 476 ms", _little(0.476, 1, 0.0), 100, None),
    Row("LITTLE 5 s of 70 ms", _little(0.070, 72, 0.0), 100, 0.01),
    Row("LITTLE 100 x 70 ms, 2 s pauses", _little(0.070, 100, 2.0), 24, 0.01),
)


def naive_j(trial: Trial) -> float:
    """Mean of what the chip shows during inferences, less the mean of what it shows before, x latency."""
    shown = _Shown(trial)
    counted = [inference for inference in trial.inferences if not inference.warmup]
    latency_s = fmean(inference.latency_s for inference in counted)
    busy_ns = sum(inference.end_ns - inference.start_ns for inference in counted)
    busy_uw = sum(shown.integral(inference.start_ns, inference.end_ns) for inference in counted) / busy_ns
    guard_ns = 1_000_000_000
    idle_uw = shown.integral(counted[0].start_ns - guard_ns, counted[0].start_ns) / guard_ns
    return (busy_uw - idle_uw) * latency_s / 1e6


def polled_j(trial: Trial, period_s: float, rng: random.Random) -> float:
    """What a poller adds up from the first inference to two periods past the last, less idle."""
    shown = _Shown(trial)
    counted = [inference for inference in trial.inferences if not inference.warmup]
    period_ns = round(period_s * 1e9)
    first_ns = counted[0].start_ns - rng.randrange(period_ns)
    last_ns = min(counted[-1].end_ns + period_ns, trial.readings[-1].end_ns)
    polls_uw = [shown.at(at_ns) for at_ns in range(first_ns, last_ns, period_ns)]
    idle_uw = shown.at(first_ns - 100_000_000)
    return sum(power_uw - idle_uw for power_uw in polls_uw) * period_s / 1e6 / len(counted)


class _Shown:
    """What the chip's registers show: each average from its end to the next one's."""

    def __init__(self, trial: Trial) -> None:
        self._ends_ns = [reading.end_ns for reading in trial.readings]
        self._powers_uw = [reading.power_uw for reading in trial.readings]

    def at(self, at_ns: int) -> int:
        return self._powers_uw[max(0, bisect_right(self._ends_ns, at_ns) - 1)]

    def integral(self, start_ns: int, end_ns: int) -> int:
        total, at_ns = 0, start_ns
        while at_ns < end_ns:
            index = bisect_right(self._ends_ns, at_ns)
            until_ns = min(end_ns, self._ends_ns[index]) if index < len(self._ends_ns) else end_ns
            total += self.at(at_ns) * (until_ns - at_ns)
            at_ns = until_ns
        return total


def errors(task: tuple[int, str, int]) -> tuple[int, dict[str, float]]:
    """Relative errors of one simulated measurement by method; those of the others only without a fault."""
    index, fault, number = task
    rng = random.Random(f"{SEED} {index} {fault} {number}")
    scenario = ROWS[index].scenario
    scenario = replace(
        scenario,
        idle_w=scenario.idle_w * rng.uniform(0.95, 1.05),
        busy_w=scenario.busy_w * rng.uniform(0.95, 1.05),
    )
    scenario = _FAULTS[fault](scenario, rng)
    trial = run_trial(scenario, rng)
    facts = chip_facts(timing_s=_TIMING_S)
    if fault == "not told":
        facts = replace(facts, pair_ns=0)
    energy = rail_energy(trial.inferences, trial.readings, scenario.guard_s, facts)
    found_j = {fault: energy.net_energy_j.value if isinstance(energy, RailEnergy) else float("nan")}
    if fault == "edged":
        found_j |= {
            "naive": naive_j(trial),
            "10 Hz": polled_j(trial, 0.1, rng),
            "1 Hz": polled_j(trial, 1.0, rng),
        }
    return index, {method: value_j / trial.net_j - 1.0 for method, value_j in found_j.items()}


def main() -> None:
    """Print the errors beside their bars."""
    tasks = [
        (i, fault, number) for i, row in enumerate(ROWS) for fault in _FAULTS for number in range(row.trials)
    ]
    found: list[dict[str, list[float]]] = [{} for _ in ROWS]
    with multiprocessing.Pool(2, initializer=os.nice, initargs=(10,)) as pool:
        for index, by_method in pool.imap_unordered(errors, tasks, chunksize=10):
            for method, error in by_method.items():
                found[index].setdefault(method, []).append(error)
    print("Net energy per inference, error against truth: 95th percentile (sampling error alone)")
    others = ("naive", "10 Hz", "1 Hz")
    print(
        f"{'':31} {'bar':>6}" + "".join(f"{name:>13}" for name in (*_FAULTS, *others)) + f"{'naive bias':>12}"
    )
    for row, methods in zip(ROWS, found, strict=True):
        bar = f"{row.bar:.1%}" if row.bar else ""
        cells = "".join(f"{_percentile_95(methods[name]):13.2%}" for name in (*_FAULTS, *others))
        print(f"{row.name:31} {bar:>6}{cells}{fmean(methods['naive']):12.1%}")


def _percentile_95(values: list[float]) -> float:
    """The smallest absolute value that 95 % of all do not exceed; no energy at all exceeds everything."""
    ordered = sorted(abs(value) if value == value else float("inf") for value in values)  # noqa: PLR0124 - NaN
    return ordered[-(-95 * len(ordered) // 100) - 1]


if __name__ == "__main__":
    main()
