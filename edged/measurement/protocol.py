"""How a case is run.

     load   warm-up   idle guard   inferences (busy) and pauses    idle guard
    |#####|#########|============|####|.......|####|.......|####|============|
     timed  excluded    baseline  min_runs, and busy for min_busy_s  baseline

The guard follows the warm-up, so that the baseline is taken right beside the inferences.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a case is run.

    Attributes:
        name: `paper`, `burst`, `quick`, or the name in the configuration.
        warmup_runs: Inferences before the ones that count.
        min_runs: Inferences that count, at least.
        min_busy_s: Time spent inferring, at least, in seconds.
        pause_s: Idle time between inferences, in seconds.
        threads: Threads of the engine.
        guard_s: Idle time before the first and after the last inference, in seconds.
    """

    name: str
    warmup_runs: int
    min_runs: int
    min_busy_s: float
    pause_s: float
    threads: int
    guard_s: float


# "Inference on the Edge" (Peluso et al., SNAMS 2019): the mean of 100 runs after one warm-up run,
# 2 s of pause between runs, one thread.
PAPER = Protocol("paper", warmup_runs=1, min_runs=100, min_busy_s=0.0, pause_s=2.0, threads=1, guard_s=2.0)
# Back to back. 5 s of busy time bring a LITTLE rail's net energy within 1 % (MEASUREMENT.md, section 1).
BURST = Protocol("burst", warmup_runs=3, min_runs=30, min_busy_s=5.0, pause_s=0.0, threads=1, guard_s=1.5)
# A first look.
QUICK = Protocol("quick", warmup_runs=2, min_runs=10, min_busy_s=0.5, pause_s=0.0, threads=1, guard_s=0.5)

BUILT_IN = {protocol.name: protocol for protocol in (PAPER, BURST, QUICK)}
