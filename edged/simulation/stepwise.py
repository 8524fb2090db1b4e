"""Trip points, and the thermal governor `step_wise` that acts on them.

Every 250 ms each zone is looked at. A trip point is crossed when its temperature is reached, and released
when the zone has cooled below it by the hysteresis. While it is crossed, a rising zone asks for one state
more of each device bound to it, within the bounds of the binding; once released it asks for one state less
each time, until nothing. A device follows the strongest of all that is asked of it.

Source of the trips and bindings: hardware sheet, section 7.2 (mainline device tree). Two simplifications:
all zones are looked at at the same moment, so a device moves by one state at most; and the critical trip
switches nothing off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from edged.simulation.cooling import CoolingDevice

POLLING_NS = 250_000_000  # polling-delay-passive of the device tree


@dataclass(frozen=True, slots=True)
class Binding:
    """A cooling device that a trip point acts on.

    Attributes:
        device: Its `type`.
        lower: Least state while the trip point acts.
        upper: Strongest state this trip point asks for.
    """

    device: str
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip point.

    Attributes:
        temperature_c: Degrees Celsius.
        hysteresis_c: Degrees it must cool below before it is released.
        kind: `active`, `passive` or `critical`, as the kernel calls it.
        bindings: What it acts on.
    """

    temperature_c: int
    hysteresis_c: int
    kind: str
    bindings: tuple[Binding, ...] = ()


FAN, LITTLE_CLOCK, BIG_CLOCK, GPU_CLOCK = "pwm-fan", "cpufreq-cpu0", "cpufreq-cpu4", "devfreq-11800000.gpu"

_FAN_TRIPS = tuple(
    Trip(temperature_c, 5, "active", (Binding(FAN, lower, lower + 1),))
    for lower, temperature_c in enumerate((50, 60, 70))
)
CPU_TRIPS = (
    *_FAN_TRIPS,
    Trip(120, 0, "critical"),
    Trip(70, 10, "passive", (Binding(LITTLE_CLOCK, 0, 2), Binding(BIG_CLOCK, 0, 2))),
    Trip(85, 10, "passive", (Binding(LITTLE_CLOCK, 3, 8), Binding(BIG_CLOCK, 3, 14))),
)
GPU_TRIPS = (
    Trip(85, 10, "active"),
    Trip(103, 10, "active"),
    Trip(110, 10, "active"),
    Trip(120, 0, "critical"),
    *_FAN_TRIPS,
    Trip(120, 0, "critical"),
    Trip(70, 10, "passive", (Binding(GPU_CLOCK, 0, 2),)),
    Trip(85, 10, "passive", (Binding(GPU_CLOCK, 3, 6),)),
)


@dataclass(slots=True)
class _TripState:
    crossed: bool = False
    targets: dict[str, int] = field(default_factory=dict)


class ZoneGovernor:
    """`step_wise` on one zone.

    Args:
        trips: The zone's trip points in index order.
    """

    def __init__(self, trips: Sequence[Trip]) -> None:
        """Begin with nothing crossed."""
        self.trips = tuple(trips)
        self._states = [_TripState() for _ in self.trips]
        self._last_c: int | None = None
        self._lowest_c = min(trip.temperature_c for trip in self.trips)
        self._at_rest = True

    def look(self, temperature_c: int, devices: Mapping[str, CoolingDevice]) -> dict[str, int]:
        """What this zone asks of each device now.

        Args:
            temperature_c: What the sensor shows.
            devices: The cooling devices in their present states, by `type`.
        """
        last_c, self._last_c = self._last_c, temperature_c
        if self._at_rest and temperature_c < self._lowest_c:
            return {}
        rising = last_c is None or temperature_c > last_c
        asked: dict[str, int] = {}
        for trip, state in zip(self.trips, self._states, strict=True):
            if temperature_c >= trip.temperature_c:
                state.crossed = True
            elif temperature_c < trip.temperature_c - trip.hysteresis_c:
                state.crossed = False
            if not state.crossed and not state.targets:
                continue
            for binding in trip.bindings:
                self._move(state, binding, devices[binding.device].state, rising=rising)
            for device, target in state.targets.items():
                asked[device] = max(target, asked.get(device, 0))
        self._at_rest = not any(state.crossed or state.targets for state in self._states)
        return asked

    @staticmethod
    def _move(state: _TripState, binding: Binding, present: int, *, rising: bool) -> None:
        if state.crossed:
            # Between release and trip temperature the target stays as it is.
            if rising:
                state.targets[binding.device] = max(binding.lower, min(present + 1, binding.upper))
        elif binding.device in state.targets:
            lowered = min(state.targets[binding.device], present) - 1
            if lowered < max(binding.lower, 1):
                del state.targets[binding.device]
            else:
                state.targets[binding.device] = lowered


class StepWise:
    """The thermal governor of the whole board.

    Args:
        zones: Trip points of each zone.
        devices: The cooling devices by `type`.
    """

    def __init__(self, zones: Sequence[Sequence[Trip]], devices: Mapping[str, CoolingDevice]) -> None:
        """Begin with nothing crossed."""
        self.governors = tuple(ZoneGovernor(trips) for trips in zones)
        self._devices = devices

    def look(self, at_ns: int, temperatures_c: Sequence[int]) -> list[CoolingDevice]:
        """Look at all zones and set the devices; give back those that changed."""
        asked = dict.fromkeys(self._devices, 0)
        for governor, temperature_c in zip(self.governors, temperatures_c, strict=True):
            for device, target in governor.look(temperature_c, self._devices).items():
                asked[device] = max(asked[device], target)
        return [device for kind, device in self._devices.items() if device.set_state(at_ns, asked[kind])]
