"""A case, and how often and when it is to be measured."""

from dataclasses import dataclass

from edged.measurement.protocol import Protocol
from edged.measurement.result import Case
from edged.schedule.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True)
class Workload:
    """A case in the schedule.

    Attributes:
        case: What to measure.
        protocol: How to run it.
        weight: How often it has its turn, against the others.
        every_s: Time from one start to the next, in seconds; 0 for whenever it has its turn.
        quiet_hours: Times of the day in which it does not run.
    """

    case: Case
    protocol: Protocol
    weight: int = 1
    every_s: float = 0.0
    quiet_hours: tuple[QuietHours, ...] = ()

    @property
    def name(self) -> str:
        """The case's name: it stays the same when its model's file is replaced."""
        return str(self.case)

    @property
    def least_s(self) -> float:
        """The shortest that a measurement can take: what its protocol alone asks for, in seconds."""
        protocol = self.protocol
        pauses_s = (protocol.min_runs - 1) * protocol.pause_s
        return 2 * protocol.guard_s + pauses_s + protocol.min_busy_s
