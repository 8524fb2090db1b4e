"""What an energy's uncertainty needs to know of the sensor behind the readings."""

from dataclasses import dataclass

from edged.power.accuracy import Accuracy
from edged.power.reading import Reading


@dataclass(frozen=True, slots=True)
class Step:
    """The step in which power moves.

    Attributes:
        power_uw: The step in microwatts; 0 where it is too fine to matter.
        current_ua: The step of the current that makes it, in microamperes; 0 where power itself is stepped.
        truncated: Whether the power is cut off to the step below instead of rounded.
    """

    power_uw: float
    current_ua: float = 0.0
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """One sensor, and how well its readings are placed in time.

    Attributes:
        accuracy: Its errors and steps.
        pair_ns: Nominal duration of one shunt and one bus conversion, of a chip that alternates them and so
            watches the current half of the time; 0 for a sensor that never looks away.
        timing_ns: Standard uncertainty of where the readings' intervals lie, all moved alike.
        period_ratio: Standard uncertainty of the intervals' durations, all stretched alike, relative.
    """

    accuracy: Accuracy
    pair_ns: int = 0
    timing_ns: float = 0.0
    period_ratio: float = 0.0

    def step(self, reading: Reading) -> Step:
        """The step of power at a reading's voltage: a chip is read by whichever of its two is finer."""
        accuracy = self.accuracy
        if reading.voltage_uv is None or not accuracy.current_step_ua:
            return Step(accuracy.power_step_uw)
        product_uw = accuracy.current_step_ua * reading.voltage_uv / 1e6
        if 0 < accuracy.power_step_uw < product_uw:
            return Step(accuracy.power_step_uw, truncated=True)
        return Step(product_uw, current_ua=accuracy.current_step_ua)
