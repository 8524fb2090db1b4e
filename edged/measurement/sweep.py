"""Case after case: each run is driven to its end, and watched meanwhile."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Protocol as Interface

from edged.board.parts import Board
from edged.inference.job import Event
from edged.measurement.protocol import Protocol
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Rig, Run

# A watcher hears of a run at least this often.
_STEP_S = 0.25


class Watcher(Interface):
    """Who wants to know how a sweep gets on: a table on a terminal, the live metrics."""

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """A run has got on; `events` may be empty."""
        ...

    def finished(self, measurement: Measurement) -> None:
        """A measurement is complete."""
        ...


def sweep(
    cases: Iterable[Case], board: Board, protocol: Protocol, rig: Rig, watchers: Sequence[Watcher]
) -> Generator[Measurement, None, None]:
    """Measure each case once, in order; each measurement is given as soon as it is complete.

    Samplers sample fast meanwhile. A case under way when the sweep is closed is ended and has no measurement.

    Args:
        cases: What to measure.
        board: Where the cases' CPU clusters are.
        protocol: How to run them.
        rig: What they run on.
        watchers: Who is told.
    """
    rig.pace.begin_fast()
    try:
        yield from _each(cases, board, protocol, rig, watchers)
    finally:
        rig.pace.end_fast()


def _each(
    cases: Iterable[Case], board: Board, protocol: Protocol, rig: Rig, watchers: Sequence[Watcher]
) -> Iterator[Measurement]:
    for case in cases:
        run = Run(case, board.cluster(case.cpu_cluster), protocol, rig)
        try:
            while not run.over:
                events = run.step(_STEP_S)
                for watcher in watchers:
                    watcher.running(run, events)
            measurement = run.measurement()
        finally:
            run.close()
        for watcher in watchers:
            watcher.finished(measurement)
        yield measurement
