"""What every power source offers, and how it fails.

A failing read raises `SensorError`. Its `kind` says what follows: try again, find the sensor again by
its identity, or treat what it said as invalid. A failure is never a zero.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from edged.errors import EdgedError
from edged.power.reading import EnergyCount, Rail, Sample


class Failure(StrEnum):
    """What a failed read means for the next one."""

    TRY_AGAIN = "try_again"  # the bus or the line failed: EIO, ENXIO, EAGAIN, ETIMEDOUT, a torn line
    GONE = "gone"  # the device went away: find it again by identity before reading on
    INVALID = "invalid"  # it answered, but not with a power: text, a wrapped number, a chip just reset


class SensorError(EdgedError):
    """A sensor could not be read.

    Args:
        rail: The rail concerned.
        kind: What it means for the next read.
        what: What is wrong.
        where: Attribute, device or address.
        remedy: What to do about it, if anything can be done.
    """

    def __init__(self, rail: Rail, kind: Failure, what: str, *, where: str, remedy: str = "") -> None:
        """Keep the rail and the kind for those who count and retry."""
        super().__init__(what, where=where, remedy=remedy)
        self.rail = rail
        self.kind = kind


class Chip(Protocol):
    """A chip that averages by itself and is polled over a bus: INA2xx, whatever the driver."""

    rail: Rail

    @property
    def bus(self) -> str:
        """Sensors of one bus share one thread: "i2c-0"."""
        ...

    def read(self) -> Sample:
        """Read the registers once.

        Raises:
            SensorError: If that fails, or what was read is no power.
        """
        ...

    def averaging_s(self) -> float:
        """How long the chip averages now, in seconds, as far as it tells.

        Raises:
            SensorError: If it cannot be told.
        """
        ...

    def set_averaging(self, duration_s: float) -> bool:
        """Ask the chip to average over about that long; False where that is not possible or allowed."""
        ...

    def reopen(self) -> None:
        """Find the chip again by its identity, wherever it now is.

        Raises:
            SensorError: If it is not there.
        """
        ...

    def close(self) -> None:
        """Free what is open."""
        ...


class Meter(Protocol):
    """An external meter that sends a line now and then: SmartPower3, SmartPower2."""

    rail: Rail

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        """What has arrived; waits at most `timeout_s` for the first line, and may return nothing.

        Raises:
            SensorError: If the meter is gone, or said nothing that can be understood.
        """
        ...

    def reopen(self) -> None:
        """Connect again.

        Raises:
            SensorError: If it does not answer.
        """
        ...

    def close(self) -> None:
        """Free what is open."""
        ...


class Counter(Protocol):
    """A source that counts energy by itself: RAPL."""

    rail: Rail

    def read(self) -> EnergyCount:
        """Read the counter once.

        Raises:
            SensorError: If that fails.
        """
        ...

    def reopen(self) -> None:
        """Find the counter again.

        Raises:
            SensorError: If it is not there.
        """
        ...

    def close(self) -> None:
        """Free what is open."""
        ...
