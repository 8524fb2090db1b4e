"""Other people's programs: now and then one keeps a CPU busy for a moment."""

import random
from typing import TYPE_CHECKING

from edged.simulation.load import CPUS

if TYPE_CHECKING:
    from edged.simulation.board import SimulatedBoard

_MEAN_BURST_S = 0.4
_LEAST_SHARE = 0.3


class ForeignLoad:
    """Bursts at random moments on random CPUs, as many a minute as the scenario says.

    Args:
        board: The board they run on.
        rng: Source of moments, CPUs, lengths and strengths.
    """

    def __init__(self, board: "SimulatedBoard", rng: random.Random) -> None:
        """Plan the first burst, if there is to be any."""
        self._board = board
        self._rng = rng
        self._rate_hz = board.scenario.foreign_bursts_per_minute / 60.0
        if self._rate_hz > 0.0:
            self._plan()

    def _plan(self) -> None:
        clock = self._board.clock
        at_ns = clock.monotonic_ns() + round(self._rng.expovariate(self._rate_hz) * 1e9)
        clock.call_at(at_ns, self._begin)

    def _begin(self) -> None:
        """One burst; the next begins some time after its end."""
        clock = self._board.clock
        cpu = self._rng.randrange(CPUS)
        self._board.set_foreign(cpu, self._rng.uniform(_LEAST_SHARE, 1.0))
        end_ns = clock.monotonic_ns() + round(self._rng.expovariate(1.0 / _MEAN_BURST_S) * 1e9)
        clock.call_at(end_ns, lambda: self._end(cpu))

    def _end(self, cpu: int) -> None:
        self._board.set_foreign(cpu, 0.0)
        self._plan()
