"""One simulated measurement of one rail, of which the true energy is known.

Each chip average reaches the measurement once, with the interval that it covers, moved by as much as a
phase tracker may be off. What the phase tracker itself does is another bench's subject.
"""

import random
from dataclasses import dataclass

from edged.inference.job import Inference
from edged.measurement.sensor_facts import SensorFacts
from edged.power.accuracy import Accuracy
from edged.power.chip_facts import HWMON_CONVERSION_US
from edged.power.reading import Reading
from edged.simulation.chip import ChipErrors, Ina231
from edged.simulation.timeline import RailTimeline

EXACT = Accuracy(0.0, 0.0, 0.0, 0.0, 1_000.0, 6_250.0)
"""An INA231 behind hwmon of which only the steps are not perfect."""
_IDLE_STEP_NS = 250_000_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is measured, and what is wrong with it.

    Attributes:
        idle_w: Idle power at the beginning.
        busy_w: Power during an inference.
        latency_s: Mean latency.
        runs: Inferences that count.
        pause_s: Pause between them.
        guard_s: Idle time before the first and after the last.
        warmups: Inferences before that.
        voltage_v: Voltage of the idle rail.
        load_line_ohm: How far the voltage sinks with the current.
        latency_jitter: Standard deviation of a latency, relative.
        power_jitter: Standard deviation of one inference's power, relative.
        drift_w: How far the idle power has risen at the end.
        drift_time_s: Time constant of that rise.
        bursts_per_s: Foreign load, how often.
        burst_s: How long at most.
        burst_w: How much.
        missed: Share of the averages that nobody read.
        timing_s: How much later than said the readings' intervals lie.
        errors: The chip.
    """

    idle_w: float
    busy_w: float
    latency_s: float
    runs: int
    pause_s: float
    guard_s: float
    warmups: int = 1
    voltage_v: float = 1.0
    load_line_ohm: float = 0.0
    latency_jitter: float = 0.01
    power_jitter: float = 0.0
    drift_w: float = 0.0
    drift_time_s: float = 10.0
    bursts_per_s: float = 0.0
    burst_s: float = 0.01
    burst_w: float = 0.1
    missed: float = 0.0
    timing_s: float = 0.0
    errors: ChipErrors = ChipErrors()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Trial:
    """A measurement's inferences and readings, and the truth.

    Attributes:
        inferences: All of them, warm-ups flagged.
        readings: All that were not missed.
        timeline: What the rail really drew.
        net_j: True energy per inference above idle.
        gross_j: True energy per inference, idle included.
    """

    inferences: list[Inference]
    readings: list[Reading]
    timeline: RailTimeline
    net_j: float
    gross_j: float


def chip_facts(accuracy: Accuracy = EXACT, timing_s: float = 0.0) -> SensorFacts:
    """Facts of an INA231 behind hwmon."""
    return SensorFacts(accuracy, HWMON_CONVERSION_US * 1_000, timing_s * 1e9, period_ratio=1e-4)


def run_trial(scenario: Scenario, rng: random.Random) -> Trial:
    """Simulate one measurement."""
    inferences = _inferences(scenario, rng)
    end_ns = inferences[-1].end_ns + round((scenario.guard_s + 0.2) * 1e9)
    powers_w = [
        (scenario.busy_w - scenario.idle_w) * rng.gauss(1.0, scenario.power_jitter) for _ in inferences
    ]
    timeline, idle = _timeline(scenario, inferences, powers_w, end_ns, rng)
    chip = Ina231(timeline, rng, errors=scenario.errors)
    shift_ns = round(scenario.timing_s * 1e9)
    readings = []
    at_ns = 0
    while at_ns < end_ns:
        registers = chip.registers(at_ns)
        at_ns = registers.finished_ns + registers.averaged_ns
        if registers.finished_ns > 0 and rng.random() >= scenario.missed:
            readings.append(
                Reading(
                    registers.finished_ns - registers.averaged_ns - shift_ns,
                    registers.finished_ns - shift_ns,
                    registers.voltage_mv * registers.current_ma,
                    registers.voltage_mv * 1000,
                    registers.current_ma * 1000,
                )
            )
    counted = [(i, w) for i, w in zip(inferences, powers_w, strict=True) if not i.warmup]
    net_j = sum(w * i.latency_s for i, w in counted) / len(counted)
    idle_j = sum(idle.energy_j(i.start_ns, i.end_ns) for i, _ in counted) / len(counted)
    return Trial(inferences, readings, timeline, net_j, net_j + idle_j)


def _inferences(scenario: Scenario, rng: random.Random) -> list[Inference]:
    at_ns = round((0.5 + rng.random() * 0.1) * 1e9)
    guard_ns = round(scenario.guard_s * 1e9)
    inferences: list[Inference] = []
    for index in range(scenario.warmups + scenario.runs):
        warmup = index < scenario.warmups
        if index == scenario.warmups:
            at_ns += guard_ns
        elif not warmup and scenario.pause_s:
            at_ns += round((scenario.pause_s + abs(rng.gauss(0.0, 1e-4))) * 1e9)
        latency_ns = round(scenario.latency_s * max(0.2, rng.gauss(1.0, scenario.latency_jitter)) * 1e9)
        inferences.append(Inference(at_ns, at_ns + latency_ns, latency_ns, warmup))
        at_ns += latency_ns + 20_000  # the worker's own work between two calls
    return inferences


def _timeline(
    scenario: Scenario, inferences: list[Inference], powers_w: list[float], end_ns: int, rng: random.Random
) -> tuple[RailTimeline, RailTimeline]:
    """What the rail draws, and what it would have drawn without the inferences and the foreign load."""
    changes: list[tuple[int, float, float]] = []  # when, idle, on top of it
    for inference, power_w in zip(inferences, powers_w, strict=True):
        changes += [(inference.start_ns, 0.0, power_w), (inference.end_ns, 0.0, -power_w)]
    at_s = rng.expovariate(scenario.bursts_per_s) if scenario.bursts_per_s else 1e18
    while at_s * 1e9 < end_ns:
        length_s = scenario.burst_s * rng.uniform(0.2, 1.0)
        power_w = scenario.burst_w * rng.uniform(0.5, 1.5)
        changes += [(round(at_s * 1e9), 0.0, power_w), (round((at_s + length_s) * 1e9), 0.0, -power_w)]
        at_s += length_s + rng.expovariate(scenario.bursts_per_s)
    if scenario.drift_w:
        changes += _drift(scenario, end_ns)
    idle_w, extra_w = scenario.idle_w, 0.0
    timeline = RailTimeline(-(10**12), *_drawn(scenario, idle_w))
    idle = RailTimeline(-(10**12), *_drawn(scenario, idle_w))
    for at_ns, idle_change_w, extra_change_w in sorted(changes):
        idle_w += idle_change_w
        extra_w += extra_change_w
        timeline.append(at_ns, *_drawn(scenario, idle_w + extra_w))
        idle.append(at_ns, *_drawn(scenario, idle_w))
    return timeline, idle


def _drift(scenario: Scenario, end_ns: int) -> list[tuple[int, float, float]]:
    """Idle power rising like a temperature, towards `drift_w` more at the end."""
    steps = range(0, end_ns, _IDLE_STEP_NS)
    risen = [1.0 - 2.718281828 ** (-at_ns / 1e9 / scenario.drift_time_s) for at_ns in steps]
    scale = scenario.drift_w / risen[-1]
    return [
        (at_ns, (risen[index] - risen[index - 1]) * scale, 0.0) for index, at_ns in enumerate(steps) if index
    ]


def _drawn(scenario: Scenario, power_w: float) -> tuple[int, int]:
    voltage_v = scenario.voltage_v - scenario.load_line_ohm * power_w / scenario.voltage_v
    return round(power_w * 1e6), round(voltage_v * 1e6)
