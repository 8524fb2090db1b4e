"""Keeps measurements from the moment when they are complete."""

from collections.abc import Sequence
from typing import Any

from edged.assembly.parts import Truth
from edged.cli.measurement_json import measurement_json
from edged.inference.job import Event
from edged.measurement.result import Measurement
from edged.measurement.run import Run


class Kept:
    """A watcher that comes before those that show anything: what was shown cannot be lost to Ctrl-C.

    Args:
        truth: What a measurement should have found; None on a real board.
    """

    def __init__(self, truth: Truth | None) -> None:
        """Begin with nothing."""
        self._truth = truth
        self._kept: list[tuple[Measurement, dict[str, Any]]] = []

    @property
    def measurements(self) -> list[Measurement]:
        """In the order in which they were finished."""
        return [measurement for measurement, _ in self._kept]

    @property
    def told(self) -> list[dict[str, Any]]:
        """The same as JSON, with the truth as it was known at the time."""
        return [told for _, told in self._kept]

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """Only what is complete is kept."""

    def finished(self, measurement: Measurement) -> None:
        """Keep it."""
        self._kept.append((measurement, measurement_json(measurement, self._truth)))
