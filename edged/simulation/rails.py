"""The true power of each rail, split into what is idle, what is the worker's, and what is other people's.

**Idle** is what the rail would have drawn at that moment with nobody busy: at the clock, voltage and
temperature that it really had. So the extra leakage of a chip warmed by its own work counts as idle: it is
there after the work as well, and a baseline taken right before and after the work holds most of it. **Net**
is total less idle less foreign: the switching of the cores, which ends when the work ends.

With `performance` the clock is the same idle and busy. With `ondemand` the idle part follows the clock that
the work brought about.
"""

from dataclasses import dataclass
from typing import NamedTuple

from edged.simulation.timeline import RailTimeline

# Leakage creeps with every breath of air; steps of the truth below this would help nobody.
_IDLE_STEP_UW = 10


class Draw(NamedTuple):
    """What a rail draws at a moment.

    Attributes:
        idle_w: With nobody busy, in watts.
        own_w: The worker's share on top, in watts.
        foreign_w: Other people's share on top, in watts.
    """

    idle_w: float
    own_w: float = 0.0
    foreign_w: float = 0.0

    @property
    def total_w(self) -> float:
        """All of it, in watts."""
        return self.idle_w + self.own_w + self.foreign_w


@dataclass(frozen=True, slots=True)
class TrueEnergy:
    """What a rail truly consumed between two moments.

    Attributes:
        total_j: All of it, in joules.
        idle_j: What it would have consumed idle at the same clock and temperature, in joules.
        foreign_j: What others than the worker consumed on top, in joules.
    """

    total_j: float
    idle_j: float
    foreign_j: float

    @property
    def net_j(self) -> float:
        """The worker's own energy, in joules."""
        return self.total_j - self.idle_j - self.foreign_j


class RailTruth:
    """The true power of one rail over time; sums of its parts are exact.

    Args:
        start_ns: Monotonic time at the beginning; the first `append` belongs to the same moment.
    """

    def __init__(self, start_ns: int) -> None:
        """Begin with nothing."""
        self.total = RailTimeline(start_ns, 0, 1)
        # Only their energies are of interest: the voltage is a dummy.
        self._idle = RailTimeline(start_ns, 0, 1)
        self._foreign = RailTimeline(start_ns, 0, 1)

    def append(self, at_ns: int, draw: Draw, voltage_v: float) -> None:
        """From now on the rail draws that much, at that voltage."""
        idle_uw = round(draw.idle_w * 1e6 / _IDLE_STEP_UW) * _IDLE_STEP_UW
        own_uw = round(draw.own_w * 1e6)
        foreign_uw = round(draw.foreign_w * 1e6)
        voltage_uv = round(voltage_v * 1e6)
        self.total.append(at_ns, idle_uw + own_uw + foreign_uw, voltage_uv)
        self._idle.append(at_ns, idle_uw, 1)
        self._foreign.append(at_ns, foreign_uw, 1)

    def energy(self, start_ns: int, end_ns: int) -> TrueEnergy:
        """What it consumed between two moments."""
        return TrueEnergy(
            total_j=self.total.energy_j(start_ns, end_ns),
            idle_j=self._idle.energy_j(start_ns, end_ns),
            foreign_j=self._foreign.energy_j(start_ns, end_ns),
        )

    def drop_before(self, at_ns: int) -> None:
        """Forget what was before a moment."""
        for timeline in (self.total, self._idle, self._foreign):
            timeline.drop_before(at_ns)
