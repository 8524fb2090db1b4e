"""A clock that stands still until a test moves it."""

from dataclasses import dataclass


@dataclass
class HandClock:
    at_s: float = 1000.0
    wall_ahead_s: float = 1.7e9

    def monotonic_ns(self) -> int:
        return round(self.at_s * 1e9)

    def wall_s(self) -> float:
        return self.at_s + self.wall_ahead_s

    def sleep(self, duration_s: float) -> None:
        self.at_s += duration_s
