"""What went wrong with a sensor, when and how often: a reading that fails is a reading too."""

import errno
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from edged.power.sensor import Failure, SensorError
from edged.sampling.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAPACITY = 256
_DEPTH = 8  # of the chain of causes that is searched for an error number


@dataclass(frozen=True, slots=True)
class FailedReading:
    """A reading that failed.

    Attributes:
        start_ns: Monotonic time when the read began.
        end_ns: Monotonic time when it failed.
        kind: What it means for the next read.
        cause: Name of the error number, such as "EREMOTEIO"; the kind where there is none.
        what: What is wrong, for people, and where.
    """

    start_ns: int
    end_ns: int
    kind: Failure
    cause: str
    what: str


class FailureRecord:
    """Counts the failures of one sensor and keeps the newest. One thread adds, any thread reads."""

    def __init__(self) -> None:
        """Begin with none."""
        self.trace: Trace[FailedReading] = Trace(_CAPACITY)
        self.total = 0
        self.by_cause: Mapping[str, int] = MappingProxyType({})

    def add(self, error: SensorError, start_ns: int, end_ns: int) -> None:
        """Record one failure.

        Args:
            error: What the sensor raised.
            start_ns: Monotonic time when the read began.
            end_ns: Monotonic time when it failed.
        """
        cause = cause_of(error)
        self.trace.append(FailedReading(start_ns, end_ns, error.kind, cause, str(error)))
        self.by_cause = MappingProxyType({**self.by_cause, cause: self.by_cause.get(cause, 0) + 1})
        self.total += 1


def cause_of(error: SensorError) -> str:
    """Name of the error number at the root of a failure, such as "EIO"; its kind where there is none."""
    cause: BaseException | None = error
    for _ in range(_DEPTH):
        if isinstance(cause, OSError) and cause.errno is not None:
            return errno.errorcode.get(cause.errno, str(cause.errno))
        cause = cause.__cause__ if cause is not None else None
    return str(error.kind)
