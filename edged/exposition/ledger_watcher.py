"""Tells the ledger what a sweep does, while it does it."""

from collections.abc import Sequence

from edged.exposition.ledger import Ledger
from edged.inference.job import Event, Inferences
from edged.measurement.result import Measurement
from edged.measurement.run import Run


class LedgerWatcher:
    """A sweep's `Watcher`.

    Args:
        ledger: Where to count.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Count nothing yet."""
        self._ledger = ledger

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """Count the inferences that are new."""
        for event in events:
            if isinstance(event, Inferences):
                self._ledger.apply_inferences(run.case, event.inferences)

    def finished(self, measurement: Measurement) -> None:
        """Count the measurement."""
        self._ledger.apply(measurement)
