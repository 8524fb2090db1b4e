"""`[protocols.NAME]`: protocols of your own."""

from dataclasses import dataclass

from edged.config.option import option
from edged.measurement.protocol import Protocol


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """`[protocols.NAME]`: a protocol of your own."""

    warmup_runs: int = option("Inferences before the ones that count", default=1, at_least=0, at_most=100_000)
    min_runs: int = option("Inferences that count, at least", default=30, at_least=1, at_most=1_000_000)
    min_busy_s: float = option(
        "Time spent inferring, at least", default=0.0, unit="s", at_least=0, at_most=86_400
    )
    pause_s: float = option("Idle time between inferences", default=0.0, unit="s", at_least=0, at_most=3_600)
    threads: int = option("Threads of the engine", default=1, at_least=1, at_most=256)
    guard_s: float = option(
        "Idle time before the first and after the last inference",
        default=1.5,
        unit="s",
        at_least=0,
        at_most=600,
    )

    def protocol(self, name: str) -> Protocol:
        """The protocol as the other rooms know it."""
        return Protocol(
            name, self.warmup_runs, self.min_runs, self.min_busy_s, self.pause_s, self.threads, self.guard_s
        )
