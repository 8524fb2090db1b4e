"""A measurement as the journal gives it back."""

from dataclasses import dataclass

from edged.journal.life import Life
from edged.measurement.result import Measurement

# 2020-01-01. No board ran edged before: a clock that says so had not been set yet.
TRUSTED_SINCE_S = 1_577_836_800.0


@dataclass(frozen=True, slots=True)
class Record:
    """A measurement and the life of the daemon that it belongs to.

    Attributes:
        measurement: Without its single inferences; of its model what names it, its weights and its path.
        life: When and where.
    """

    measurement: Measurement
    life: Life

    @property
    def wall_is_trusted(self) -> bool:
        """Whether the wall clock can have been right when the measurement finished."""
        return self.measurement.finished_wall_s >= TRUSTED_SINCE_S
