"""Every part of the uncertainty of an energy per inference, with where its size comes from.

| part | size | in net | in gross |
|---|---|---|---|
| `gain` | data sheet limits of voltage and of current, limited | yes | yes |
| `shunt` | tolerance, or what calibration leaves of it, limited | yes | yes |
| `offset` | data sheet limit of the current's offset, limited | cancels | yes |
| `quantisation` | half a step on the idle and the busy level, less with noise, limited | yes | busy |
| `conversions` | what of the inferences' ends the chip watched, as far as that is open | yes | yes |
| `period` | the durations of the readings | yes | yes |
| `noise` | scatter of idle readings, on the readings of the windows | yes | yes |
| `baseline` | the same scatter, on the levels of the baseline | yes | less |
| `drift` | the baseline need not run straight between its levels | yes | less |
| `missed` | spread of the readings, on those that are not there | yes | yes |
| `repeatability` | spread of separate windows beyond what the above explains, Type A | yes | yes |
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from edged.measurement.baseline import Baseline
from edged.measurement.conversions import Excess, Watched
from edged.measurement.sensor_facts import SensorFacts
from edged.measurement.uncertainty import Budget
from edged.measurement.windows import BusyTime

J_PER_UWNS = 1e-15
# Of the bus voltage of INA226 and INA231: a register step of 1.25 mV, then whole millivolts
# (data sheets; hardware sheet 2.2): half of each.
_VOLTAGE_LIMIT_UV = 625 + 500
# Inferences differ at least by this much from each other, for readings that are missed: the spread of few
# readings could be next to zero by luck.
_LEAST_SPREAD_RATIO = 0.02
# With fewer separate windows their spread tells less than the other parts do.
_FEWEST_WINDOWS = 8


@dataclass(frozen=True, slots=True)
class Account:
    """All that an energy per inference is made of.

    Attributes:
        inferences: Number of those that count.
        busy: When they ran.
        groups: Readings that touch a window, window by window.
        baseline: The idle baseline.
        seen: What of the busy time the readings show, and the energy of all of it.
        noise_uwns: Standard deviation of one reading's energy.
        covered_ns: Busy time that readings cover.
        voltage_uv: Voltage of the rail; None where it is not told.
        steady_ns: Duration of the readings that were busy all the time.
        idle_limit_uw: Limit of the rounding error of the idle level.
        busy_limit_uw: The same of the steadily busy level.
        truncated_uw: How much power is cut off on average.
        facts: The sensor.
    """

    inferences: int
    busy: BusyTime
    groups: Sequence[Sequence[Excess]]
    baseline: Baseline
    seen: Watched
    noise_uwns: float
    covered_ns: float
    voltage_uv: int | None
    steady_ns: int
    idle_limit_uw: float
    busy_limit_uw: float
    truncated_uw: float
    facts: SensorFacts

    @property
    def readings(self) -> list[Excess]:
        """All readings that touch a window."""
        return [reading for group in self.groups for reading in group]

    @property
    def net_j(self) -> float:
        """Energy per inference above the baseline, in joules."""
        return self.seen.energy_uwns * self._per_inference

    @property
    def gross_j(self) -> float:
        """Energy per inference, idle included, in joules."""
        return self.net_j + self.idle_power_uw * self.busy.total_ns * self._per_inference

    @property
    def idle_power_uw(self) -> float:
        """The baseline while the inferences ran."""
        return self.busy.mean(self.baseline.power_uw) + self.truncated_uw

    @property
    def _per_inference(self) -> float:
        return J_PER_UWNS / self.inferences

    def net_budget(self) -> Budget:
        """The parts of the net energy per inference, in joules."""
        budget = self._common(self.net_j)
        self._idle_level(budget, self._window_ns(), self._step_ns())
        return budget

    def gross_budget(self) -> Budget:
        """The parts of the gross energy per inference, in joules.

        An error of the baseline counts in gross energy only where the windows reach past the busy time.
        """
        budget = self._common(self.gross_j)
        self._idle_level(
            budget,
            abs(self._window_ns() - self.busy.total_ns),
            abs(self._step_ns() - self.busy.total_ns),
        )
        accuracy = self.facts.accuracy
        offset_uw = accuracy.offset_ua * (self.voltage_uv or 0) / 1e6
        budget.limited("offset", offset_uw * self.busy.total_ns * self._per_inference)
        return budget

    def _common(self, energy_j: float) -> Budget:
        """Parts that do not depend on how often the baseline is taken off."""
        budget = Budget()
        accuracy, per = self.facts.accuracy, self._per_inference
        budget.limited("gain", energy_j * accuracy.voltage_gain_ratio)
        budget.limited("gain", energy_j * accuracy.current_gain_ratio)
        budget.limited("shunt", energy_j * accuracy.shunt_ratio)
        if self.facts.pair_ns and self.voltage_uv:
            budget.limited("quantisation", energy_j * _VOLTAGE_LIMIT_UV / self.voltage_uv)
        budget.limited("quantisation", self.busy_limit_uw * self.steady_ns * per)
        budget.scattered("conversions", self.seen.deviation_uwns * per)
        budget.scattered("period", energy_j * self.facts.period_ratio)
        noise = math.sqrt(self.baseline.density * self._window_ns())
        budget.scattered("noise", noise * per, self.baseline.degrees_of_freedom)
        self._missed(budget)
        self._repeatability(budget)
        return budget

    def _idle_level(self, budget: Budget, off_ns: float, step_ns: float) -> None:
        """Errors of the baseline, that is taken off for `off_ns`; its rounding only for `step_ns`."""
        ratio = off_ns / self._window_ns() * self._per_inference
        baseline, readings = self.baseline, self.readings
        budget.scattered("baseline", baseline.deviation_uwns(readings) * ratio, baseline.degrees_of_freedom)
        budget.scattered("drift", baseline.drift_uwns(readings) * ratio)
        budget.limited("quantisation", self.idle_limit_uw * step_ns * self._per_inference)

    def _missed(self, budget: Budget) -> None:
        missed_ns = self.busy.total_ns - self.covered_ns
        shown = [ns for ns in self.seen.busy_ns if ns > 0]
        residuals = [
            reading.energy_uwns - self._power_uw() * ns
            for reading, ns in zip(self.readings, self.seen.busy_ns, strict=True)
            if ns > 0
        ]
        spread = math.sqrt(fmean(residual * residual for residual in residuals))
        spread = max(spread, _LEAST_SPREAD_RATIO * self._power_uw() * fmean(shown))
        missed = max(0.0, missed_ns) / fmean(shown)
        budget.scattered("missed", spread * math.sqrt(missed) * self._per_inference, len(shown) - 1)

    def _repeatability(self, budget: Budget) -> None:
        """The scatter between windows that noise does not explain."""
        count = len(self.groups)
        if count < _FEWEST_WINDOWS:
            budget.scattered("repeatability", 0.0)
            return
        shown = iter(self.seen.busy_ns)
        residuals = [
            sum(reading.energy_uwns - self._power_uw() * next(shown) for reading in group)
            for group in self.groups
        ]
        explained = self.noise_uwns**2 * len(self.readings) / count
        variance = max(0.0, sum(residual * residual for residual in residuals) / (count - 1) - explained)
        budget.scattered("repeatability", math.sqrt(variance * count) * self._per_inference, count - 1)

    def _power_uw(self) -> float:
        """Mean power above the baseline while busy."""
        return self.seen.energy_uwns / self.busy.total_ns

    def _window_ns(self) -> float:
        return float(sum(reading.duration_ns for reading in self.readings))

    def _step_ns(self) -> float:
        """Time for which the baseline's rounding is taken off readings that do not share it."""
        return float(
            sum(
                reading.duration_ns
                for reading, ns in zip(self.readings, self.seen.busy_ns, strict=True)
                if ns > 0.01 * reading.duration_ns
            )
        )
