"""What holds for the whole schedule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """What holds for the whole schedule.

    Attributes:
        every_s: Time from one slot to the next, in seconds; 0 for one measurement after the other.
        at_once: Most measurements at once, each on a CPU cluster of its own.
        max_duty_ratio: Most share of the time that a CPU cluster may be used; 1 for no limit.
        duty_window_s: Time over which that holds, in seconds.
        hot_c: Temperature above which nothing begins, in degrees Celsius; None for no limit.
        hot_hysteresis_c: How far it must fall below that, in degrees.
        busy_cpus: CPUs used by others above which nothing begins.
        busy_until_cpus: CPUs used by others below which measuring goes on.
        busy_s: For how long each of the two must be so, in seconds.
        throttled_clear_s: For how long a CPU cluster must not have been throttled, in seconds.
    """

    every_s: float = 0.0
    at_once: int = 1
    max_duty_ratio: float = 1.0
    duty_window_s: float = 3600.0
    hot_c: float | None = None
    hot_hysteresis_c: float = 5.0
    busy_cpus: float = 1.0
    busy_until_cpus: float = 0.5
    busy_s: float = 5.0
    throttled_clear_s: float = 10.0
