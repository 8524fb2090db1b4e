"""How many CPUs others than the worker used, at any time of a measurement.

```
 worker's CPU   ▒▒▒▒▒▒▒▒▒▒▒████████████████████............    █ inferences
 other CPUs     ..............▒▒▒▒▒▒..................▒▒▒▒.    ▒ others
 samples       |----|----|----|----|----|----|----|----|----|
```

While an inference runs, the worker's CPUs are taken to be its own: what others had of them, it did not have.
"""

from bisect import bisect_right
from collections.abc import Sequence

from edged.measurement.windows import BusyTime
from edged.power.reading import Reading
from edged.sampling.conditions import Conditions

# Of a sample: with less time between inferences nothing is known of it but that the worker uses some.
_LEAST_REST = 0.1


class Others:
    """The others' CPU time over time; none where the load is not known.

    Args:
        conditions: Samples in order of time, from before the first reading to after the last.
        worker_cpus: CPUs of the worker.
        busy: All inferences, warm-ups included.
    """

    def __init__(self, conditions: Sequence[Conditions], worker_cpus: Sequence[int], busy: BusyTime) -> None:
        """Share out each sample's CPU time once."""
        samples = [sample for sample in conditions if sample.end_ns > sample.start_ns]
        self._starts_ns = [sample.start_ns for sample in samples]
        self._elsewhere = [_elsewhere(sample, worker_cpus) for sample in samples]
        self._between = [_between(sample, worker_cpus, busy) for sample in samples]

    def elsewhere(self, reading: Reading) -> float:
        """Most that others used of the CPUs that the worker did not have, in CPUs.

        In a sample that the reading touches or in the one after: what the kernel has not counted yet is in
        the next one.
        """
        return max(self._elsewhere[self._beside(reading)], default=0.0)

    def anywhere(self, reading: Reading) -> float:
        """The same of all CPUs, the worker's own while it inferred nothing among them."""
        beside = self._beside(reading)
        both = zip(self._elsewhere[beside], self._between[beside], strict=True)
        return max(map(sum, both), default=0.0)

    def _beside(self, reading: Reading) -> slice:
        first = max(0, bisect_right(self._starts_ns, reading.start_ns) - 1)
        return slice(first, bisect_right(self._starts_ns, reading.end_ns) + 1)


NOBODY = Others((), (), BusyTime(()))


def _elsewhere(sample: Conditions, worker_cpus: Sequence[int]) -> float:
    used_s = sum(busy_s for cpu, busy_s in sample.busy_s.items() if cpu not in worker_cpus)
    return used_s * 1e9 / (sample.end_ns - sample.start_ns)


def _between(sample: Conditions, worker_cpus: Sequence[int], busy: BusyTime) -> float:
    """Share of the time without inferences in which the worker's CPUs were busy all the same."""
    worked_ns = busy.between(sample.start_ns, sample.end_ns)
    rest_ns = sample.end_ns - sample.start_ns - worked_ns
    if rest_ns < _LEAST_REST * (sample.end_ns - sample.start_ns):
        return 0.0
    return sum(max(0.0, sample.busy_s.get(cpu, 0.0) * 1e9 - worked_ns) for cpu in worker_cpus) / rest_ns
