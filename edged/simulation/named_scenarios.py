"""Scenarios by name, for the command line."""

from types import MappingProxyType

from edged.simulation.scenario import AirChange, Fault, FaultKind, Scenario

CALM = "calm"
# Longer than anybody watches.
_FOR_EVER_S = 1e8

SCENARIOS = MappingProxyType(
    {
        # A room of 25 degrees, and nothing goes wrong.
        CALM: Scenario(),
        # In a closed case in the sun: it is throttled even when it is idle.
        "hot": Scenario(ambient_c=65.0),
        # The same, but from the first minute to the fifteenth only: long enough for alerts to tell.
        "heat-wave": Scenario(air=(AirChange(60.0, 65.0), AirChange(900.0, 25.0))),
        # A warm room, and the fan stands still.
        "dead-fan": Scenario(ambient_c=45.0, fan_works=False),
        # After a minute the sensor of the A15 cluster's rail is gone; an XU4 has none to lose.
        "lost-sensor": Scenario(faults=(Fault(FaultKind.VANISH, "big", 60.0, _FOR_EVER_S),)),
        # Other people's programs.
        "busy": Scenario(foreign_bursts_per_minute=10.0),
    }
)
