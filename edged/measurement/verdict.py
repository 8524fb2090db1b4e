"""Whether a measurement may be believed, and if not, why not."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a measurement is rejected."""

    THROTTLED = "throttled"
    FOREIGN_LOAD = "foreign_load"
    UNSTEADY = "unsteady"
    COVERAGE = "coverage"
    FREQUENCY_CHANGED = "frequency_changed"
    SENSOR_LOST = "sensor_lost"
    WORKER_FAILED = "worker_failed"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason with what was seen.

    Attributes:
        reason: The kind, as in the metric's label.
        detail: What was seen, in one sentence without a full stop.
    """

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`valid` without rejections, else rejected."""

    rejections: tuple[Rejection, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against the measurement."""
        return not self.rejections

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The kinds of its rejections, each once: two rails may be rejected for the same."""
        return tuple(dict.fromkeys(rejection.reason for rejection in self.rejections))

    def __str__(self) -> str:
        """`valid` or `rejected`."""
        return "valid" if self.valid else "rejected"
