"""Puts together what all rooms know into one snapshot after the other.

```
 ledger ─────────┐
 conditions ─────┤ every second                    any scrape
 throttling ─────┼────▶ step() ──▶ latest snapshot ──▶ latest()
 rails ──────────┘
```

One thread steps. Whatever it may have to wait for, a scrape waits for nothing: it takes the snapshot that
is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from edged.board.frequency import time_in_state_ns
from edged.board.parts import Board
from edged.board.sysfs import Sysfs, SysfsError
from edged.clock import NS_PER_S, Clock
from edged.exposition.build_facts import BuildFacts
from edged.exposition.clock_steps import ClockSteps
from edged.exposition.history import with_history
from edged.exposition.ledger import Ledger
from edged.exposition.reload_state import ReloadState
from edged.exposition.snapshot import ModelFacts, Snapshot, rail_state
from edged.journal.file import JournalState
from edged.sampling.conditions import Conditions
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import Throttling
from edged.sampling.trace import Trace
from edged.schedule.state import ScheduleState


@dataclass(frozen=True, slots=True)
class Sources:
    """What a snapshot is put together from.

    Attributes:
        build: What runs.
        board: Gives the machine as it is now.
        sysfs: Where the kernel's counters of the board are.
        simulated: Whether the board's sensors are simulated.
        models: Gives the models that are measured.
        ledger: What the cases have done.
        conditions: The board's state over time.
        throttling: How much each CPU cluster was throttled.
        rejected_temperatures: Gives the number of bogus readings so far, by thermal zone.
        rails: Rails whose power is measured.
        journal: Tells how the journal does, or that there is none.
        schedule: Tells what the schedule is doing.
        reload: Tells how the configuration was read last, or that it is read once only.
    """

    build: BuildFacts
    board: Callable[[], Board]
    sysfs: Sysfs
    simulated: bool
    models: Callable[[], tuple[ModelFacts, ...]]
    ledger: Ledger
    conditions: Trace[Conditions]
    throttling: Throttling
    rejected_temperatures: Callable[[], Mapping[str, int]]
    rails: Sequence[RailAccount] = ()
    journal: Callable[[], JournalState | None] = lambda: None
    schedule: Callable[[], ScheduleState] = ScheduleState
    reload: Callable[[], ReloadState | None] = lambda: None


class Publisher:
    """Makes a new snapshot each second. A `Sampler`: a drive steps it.

    Args:
        sources: What a snapshot is put together from.
        clock: Where time comes from.
    """

    name = "publisher"

    def __init__(self, sources: Sources, clock: Clock) -> None:
        """Make the first snapshot at once: a scrape may come at any moment."""
        self._sources = sources
        self._clock = clock
        self._clock_steps = ClockSteps(clock)
        self._latest = self._with_history(None)

    def latest(self) -> Snapshot:
        """The newest snapshot; from any thread, and without waiting."""
        return self._latest

    def step(self) -> int:
        """Make a new snapshot.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        self._latest = self._with_history(self._latest)
        return self._latest.at_ns + NS_PER_S

    def close(self) -> None:
        """Nothing stays open between steps; the last snapshot stays."""

    def _with_history(self, before: Snapshot | None) -> Snapshot:
        now = self._snapshot()
        return replace(now, history=with_history(before, now))

    def _snapshot(self) -> Snapshot:
        sources = self._sources
        board = sources.board()
        return Snapshot(
            at_ns=self._clock.monotonic_ns(),
            wall_s=self._clock.wall_s(),
            build=sources.build,
            board=board,
            simulated=sources.simulated,
            models=sources.models(),
            cases=tuple(sources.ledger.accounts.values()),
            conditions=sources.conditions.newest(),
            throttling=sources.throttling.totals,
            rejected_temperatures=sources.rejected_temperatures(),
            time_in_state_ns=_times_in_state_ns(board, sources.sysfs),
            rails=tuple(rail_state(account) for account in sources.rails),
            idle_power_w=sources.ledger.idle_power_w,
            journal=sources.journal(),
            schedule=sources.schedule(),
            clock_steps=self._clock_steps.look(),
            reload=sources.reload(),
        )


def _times_in_state_ns(board: Board, sysfs: Sysfs) -> dict[str, Mapping[int, int]]:
    """The kernel's counters of the clusters that have them and can be read now."""
    times = {}
    for cluster in board.clusters:
        if cluster.time_in_state:
            try:
                times[cluster.name] = time_in_state_ns(sysfs, cluster)
            except SysfsError:
                continue
    return times
