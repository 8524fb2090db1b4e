"""Time as every room gets it: injected, so that a simulated board can run hours in seconds."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

NS_PER_S = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(wall_s: float) -> datetime:
    """The date of a wall time in Unix seconds; after 2038 too, where a 32-bit C library knows none.

    Raises:
        OverflowError: If it is no date of the years 1 to 9999.
    """
    return _EPOCH + timedelta(seconds=wall_s)


class Clock(Protocol):
    """Where a room takes its time from.

    Durations and intervals come from `monotonic_ns` only. `wall_s` may jump by years on boards
    without a battery-backed clock, and is for labels and the journal.
    """

    def monotonic_ns(self) -> int:
        """Nanoseconds since an arbitrary moment, the same moment for all processes of a boot."""
        ...

    def wall_s(self) -> float:
        """Seconds since 1970-01-01 UTC, as far as this machine knows."""
        ...

    def sleep(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass."""
        ...


class SystemClock:
    """The clock of this machine: `CLOCK_MONOTONIC` and `CLOCK_REALTIME`."""

    def monotonic_ns(self) -> int:
        """Nanoseconds of `CLOCK_MONOTONIC`."""
        return time.monotonic_ns()

    def wall_s(self) -> float:
        """Seconds of `CLOCK_REALTIME`."""
        return time.time()

    def sleep(self, duration_s: float) -> None:
        """Sleep; a negative duration is no sleep."""
        time.sleep(max(0.0, duration_s))
