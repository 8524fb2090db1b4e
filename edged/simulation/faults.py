"""What goes wrong on the simulated board, when its scenario says so."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from edged.errors import UsageError
from edged.simulation.layout import ZONE_NAMES
from edged.simulation.scenario import Fault, FaultKind

if TYPE_CHECKING:
    from edged.simulation.board import SimulatedBoard
    from edged.simulation.kernel_files import KernelFiles

# Higher than any number that the board gives at first.
_FIRST_NEW_NUMBER = 10


class Faults:
    """Brings faults about and takes them back.

    Args:
        board: What they happen to.
        kernel: The kernel's files.
        faults: What happens, and when.

    Raises:
        UsageError: If a fault names a sensor or zone that the board has not.
    """

    def __init__(self, board: "SimulatedBoard", kernel: "KernelFiles", faults: Sequence[Fault]) -> None:
        """Plan them all."""
        self._board = board
        self._kernel = kernel
        self._next_number = _FIRST_NEW_NUMBER
        now_ns = board.clock.monotonic_ns()
        for fault in faults:
            known = ZONE_NAMES if fault.kind is FaultKind.BOGUS_TEMPERATURE else tuple(board.sensors)
            if fault.target not in known:
                names = ", ".join(known) or "none"
                what = f"the simulated {board.kind.name} has no {fault.target!r} for the fault {fault.kind}"
                raise UsageError(what, remedy=f"it has: {names}")
            begin_ns = now_ns + round(fault.at_s * 1e9)
            board.clock.call_at(begin_ns, partial(self._begin, fault))
            if fault.kind is not FaultKind.CHIP_RESET:
                board.clock.call_at(begin_ns + round(fault.duration_s * 1e9), partial(self._end, fault))

    def _begin(self, fault: Fault) -> None:
        now_ns = self._board.clock.monotonic_ns()
        if fault.kind is FaultKind.BOGUS_TEMPERATURE:
            self._kernel.bogus_zones.add(fault.target)
            self._kernel.show_temperatures()
            return
        sensor = self._board.sensors[fault.target]
        match fault.kind:
            case FaultKind.VANISH | FaultKind.RENUMBER:
                sensor.vanish()
            case FaultKind.FROZEN:
                sensor.frozen = True
            case FaultKind.EMPTY:
                sensor.spoil(b"", now_ns)
            case FaultKind.TEXT:
                sensor.spoil(b"<unknown>\n", now_ns)
            case FaultKind.CHIP_RESET:
                sensor.reset(now_ns)
                self._board.rhythm.renew(fault.target)

    def _end(self, fault: Fault) -> None:
        now_ns = self._board.clock.monotonic_ns()
        if fault.kind is FaultKind.BOGUS_TEMPERATURE:
            self._kernel.bogus_zones.discard(fault.target)
            self._kernel.show_temperatures()
            return
        sensor = self._board.sensors[fault.target]
        match fault.kind:
            case FaultKind.VANISH:
                sensor.appear(now_ns)
            case FaultKind.RENUMBER:
                sensor.number = self._next_number
                self._next_number += 1
                sensor.appear(now_ns)
            case FaultKind.FROZEN:
                sensor.frozen = False
            case FaultKind.EMPTY | FaultKind.TEXT:
                sensor.spoil(None, now_ns)
