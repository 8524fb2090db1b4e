"""One look at each sensor: what every rail draws now. No chip is told to average in another way.

```
 counters   first count ──────────── 1 s ────────────▶ second count
 chips           newest average
 meters              next line, at most 2.5 s
```
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from edged.clock import NS_PER_S, Clock
from edged.power.open_sensors import OpenSensors
from edged.power.reading import EnergyCount, Rail, Sample
from edged.power.sensor import Counter, Failure, Meter, SensorError

Look = Sample | SensorError

_COUNT_NS = NS_PER_S
# A meter sends a line once a second or more often; its first one may be torn.
_LINE_NS = 2_500_000_000
_WAIT_S = 0.25

_ValueT = TypeVar("_ValueT")


def glance(sensors: OpenSensors, clock: Clock) -> Mapping[Rail, Look]:
    """What each rail draws, or why that cannot be told.

    It takes milliseconds for chips, a second where there are counters, up to 2.5 s for each meter.

    Args:
        sensors: Opened ones.
        clock: The time in which they live.
    """
    begun = {counter: _or_error(counter.read) for counter in sensors.counters}
    seen: dict[Rail, Look] = {chip.rail: _or_error(chip.read) for chip in sensors.chips}
    for meter in sensors.meters:
        seen[meter.rail] = _or_error(partial(_next_line, meter, clock))
    for counter, first in begun.items():
        seen[counter.rail] = _or_error(partial(_mean_since, first, counter, clock))
    return seen


def _or_error(look: Callable[[], _ValueT]) -> _ValueT | SensorError:
    try:
        return look()
    except SensorError as error:
        return error


def _next_line(meter: Meter, clock: Clock) -> Sample:
    until_ns = clock.monotonic_ns() + _LINE_NS
    torn: SensorError | None = None
    while clock.monotonic_ns() < until_ns:
        try:
            samples = meter.receive(_WAIT_S)
        except SensorError as error:
            if error.kind is not Failure.TRY_AGAIN:
                raise
            torn = error
            continue
        if samples:
            return samples[-1]
    silent = f"has sent nothing for {_LINE_NS / NS_PER_S:g} s"
    raise torn or SensorError(meter.rail, Failure.TRY_AGAIN, silent, where=meter.rail.address)


def _mean_since(first: EnergyCount | SensorError, counter: Counter, clock: Clock) -> Sample:
    if isinstance(first, SensorError):
        raise first
    clock.sleep((first.at_ns + _COUNT_NS - clock.monotonic_ns()) / NS_PER_S)
    last = counter.read()
    power_uw = (last.energy_uj - first.energy_uj) * NS_PER_S // (last.at_ns - first.at_ns)
    return Sample(last.at_ns, power_uw)
