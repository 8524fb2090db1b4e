"""Tells a sensor that hands out an old value from a rail at rest.

```
 inferences   ............██████████████████████............
 alive        ------------~~~~~~~~~~~~~~~~~~~~~~------------
 frozen       -----------------------~~~~~~~~~~~------------
                    └── one value, before an inference and in it
```

A rail at rest may read the same for long. A rail whose power has changed meanwhile may not.

How much an inference changes a rail is the median over its readings while nobody else is busy: another
program on another CPU cluster raises the power there, and an inference does not.

Nor has the power changed for sure where others left as much work to a CPU as the inference brought to it:

```
 others       ▒▒▒▒▒▒▒▒▒▒▒▒..........................................    on the worker's CPU until then
 inferences   ............██████████████████████....................
 alive        ----------------------------------~~~~~~~~~~~~~~~~~~~~
```
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from edged.measurement.others import NOBODY, Others
from edged.measurement.windows import BusyTime
from edged.power.reading import Reading

# Between readings of a run, in their shares of busy time: an inference's end wrongly placed makes less.
_SHARE = 0.25
# How much the power must have changed to be seen for sure, in steps of the sensor.
_STEPS = 5.0
# The first and the last reading of a run may have a bit of another level in them.
_ENDS = 1
# CPUs that others use, and edged itself: with more, they may have changed the power.
_QUIET_CPUS = 0.1


def frozen_ns(
    readings: Sequence[Reading], busy: BusyTime, rise_uw: float, step_uw: float, others: Others = NOBODY
) -> int:
    """How long a sensor showed one value although the power of its rail changed; 0 if it never did.

    Args:
        readings: In order of time.
        busy: All inferences, warm-ups included.
        rise_uw: Power that an inference adds on the rail, in microwatts.
        step_uw: Step of the readings, in microwatts.
        others: What others did meanwhile.
    """
    if rise_uw <= _STEPS * step_uw:
        return 0
    least = max(_SHARE, _STEPS * step_uw / rise_uw)
    frozen = (run for run in _runs(readings) if _change(run, busy, others) > least)
    return max((run[-1].end_ns - run[0].start_ns for run in frozen), default=0)


def usual_rise_uw(readings: Sequence[Reading], busy: BusyTime, others: Others = NOBODY) -> float:
    """Power that an inference usually adds on a rail, in microwatts; 0 where the readings cannot tell.

    Args:
        readings: Of the inferences and of idle time beside them.
        busy: All inferences, warm-ups included.
        others: What others did meanwhile.
    """
    readings = [reading for reading in readings if others.elsewhere(reading) <= _QUIET_CPUS]
    shares = [_busy_share(reading, busy) for reading in readings]
    idle_uw = [reading.power_uw for reading, share in zip(readings, shares, strict=True) if not share]
    if not idle_uw:
        return 0.0
    level_uw = median(idle_uw)
    added_uw = [
        (reading.power_uw - level_uw) / share
        for reading, share in zip(readings, shares, strict=True)
        if share > _SHARE
    ]
    return median(added_uw) if added_uw else 0.0


def _runs(readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Neighbours with the same values."""
    for _, run in groupby(readings, key=lambda r: (r.power_uw, r.voltage_uv, r.current_ua)):
        yield list(run)


def _change(run: Sequence[Reading], busy: BusyTime, others: Others) -> float:
    """By how many CPUs the work has changed for sure between a run's inner readings, by inferences."""
    inner = run[_ENDS:-_ENDS]
    shares = [_busy_share(reading, busy) for reading in inner]
    most = [share + others.anywhere(reading) for share, reading in zip(shares, inner, strict=True)]
    return max(shares, default=0.0) - min(most, default=0.0)


def _busy_share(reading: Reading, busy: BusyTime) -> float:
    return busy.between(reading.start_ns, reading.end_ns) / (reading.end_ns - reading.start_ns)
