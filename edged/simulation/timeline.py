"""The truth about one rail: what it drew and at which voltage, in steps that hold until the next one.

```
 power ──────┐      ┌───────────┐
             │      │           │             append(at_ns, power, voltage) begins a new step;
             └──────┘           └──── ...     the first one reaches back for ever, the last one forward
```

Everything is a whole number, so that energies add up exactly: 1 uW x 1 ns = 1 fJ (1e-15 J).
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple


class Segment(NamedTuple):
    """A stretch of time in which nothing changed.

    Attributes:
        start_ns: Monotonic time where it begins.
        end_ns: Monotonic time where it ends.
        power_uw: Power in microwatts.
        voltage_uv: Voltage in microvolts.
    """

    start_ns: int
    end_ns: int
    power_uw: int
    voltage_uv: int


class RailTimeline:
    """True power and voltage of a rail over time. For one thread.

    Args:
        start_ns: A moment; before it the rail drew what it draws there.
        power_uw: Power from then on, in microwatts.
        voltage_uv: Voltage from then on, in microvolts; more than zero.
    """

    def __init__(self, start_ns: int, power_uw: int, voltage_uv: int) -> None:
        """Begin with one step that lasts until the next is appended."""
        self._starts_ns = [start_ns]
        self._powers_uw = [power_uw]
        self._voltages_uv = [voltage_uv]
        self._energies_fj = [0]  # from the first start to each step's start

    @property
    def power_uw(self) -> int:
        """Power of the newest step, in microwatts."""
        return self._powers_uw[-1]

    @property
    def voltage_uv(self) -> int:
        """Voltage of the newest step, in microvolts."""
        return self._voltages_uv[-1]

    def __len__(self) -> int:
        """Number of steps kept."""
        return len(self._starts_ns)

    def append(self, at_ns: int, power_uw: int, voltage_uv: int) -> None:
        """From `at_ns` on the rail draws `power_uw` at `voltage_uv`.

        Args:
            at_ns: Not before the newest step began; at the same moment it replaces that step.
            power_uw: Power in microwatts.
            voltage_uv: Voltage in microvolts; more than zero.

        Raises:
            ValueError: If `at_ns` lies before the newest step.
        """
        newest_ns = self._starts_ns[-1]
        if at_ns < newest_ns:
            raise ValueError(f"a step at {at_ns} ns cannot follow one at {newest_ns} ns")
        if at_ns == newest_ns:
            self._powers_uw[-1] = power_uw
            self._voltages_uv[-1] = voltage_uv
            return
        if power_uw == self._powers_uw[-1] and voltage_uv == self._voltages_uv[-1]:
            return
        self._energies_fj.append(self._energies_fj[-1] + self._powers_uw[-1] * (at_ns - newest_ns))
        self._starts_ns.append(at_ns)
        self._powers_uw.append(power_uw)
        self._voltages_uv.append(voltage_uv)

    def energy_fj(self, start_ns: int, end_ns: int) -> int:
        """Energy drawn between two moments, exact, in femtojoules."""
        return self._energy_until_fj(end_ns) - self._energy_until_fj(start_ns)

    def energy_j(self, start_ns: int, end_ns: int) -> float:
        """Energy drawn between two moments, in joules."""
        return self.energy_fj(start_ns, end_ns) / 1e15

    def at(self, at_ns: int) -> Segment:
        """The step that holds at a moment; its ends are those of the moment."""
        index = self._index(at_ns)
        return Segment(at_ns, at_ns, self._powers_uw[index], self._voltages_uv[index])

    def constant(self, start_ns: int, end_ns: int) -> Segment | None:
        """The one step between two moments; None if something changes in between."""
        starts_ns = self._starts_ns
        if start_ns >= starts_ns[-1]:
            index = len(starts_ns) - 1
        else:
            index = self._index(start_ns)
            if index + 1 < len(starts_ns) and starts_ns[index + 1] < end_ns:
                return None
        return Segment(start_ns, end_ns, self._powers_uw[index], self._voltages_uv[index])

    def segments(self, start_ns: int, end_ns: int) -> Iterator[Segment]:
        """The steps between two moments, cut off at both; none if they are the same."""
        index = self._index(start_ns)
        at_ns = start_ns
        while at_ns < end_ns:
            following = index + 1
            until_ns = end_ns
            if following < len(self._starts_ns):
                until_ns = min(end_ns, self._starts_ns[following])
            yield Segment(at_ns, until_ns, self._powers_uw[index], self._voltages_uv[index])
            at_ns = until_ns
            index = following

    def drop_before(self, at_ns: int) -> None:
        """Forget what was before `at_ns`: nobody will ask for earlier moments again."""
        index = self._index(at_ns)
        for column in (self._starts_ns, self._powers_uw, self._voltages_uv, self._energies_fj):
            del column[:index]

    def _index(self, at_ns: int) -> int:
        return max(0, bisect_right(self._starts_ns, at_ns) - 1)

    def _energy_until_fj(self, at_ns: int) -> int:
        index = self._index(at_ns)
        return self._energies_fj[index] + self._powers_uw[index] * (at_ns - self._starts_ns[index])
