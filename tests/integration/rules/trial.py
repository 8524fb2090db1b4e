"""One alert, and what it is tried with.

An alert is given the metrics of a board that is just bad enough, and of one that is just good enough, minute
by minute. From these come its four tests, and two ways in which scraping is disturbed:

- a gap: two scrapes in a row fail, so every series of the board ends, and begins again
- a reset: edged begins anew without its journal, so every counter falls to 0 and rises on as before
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.integration.rules.promtool import Sample

# Counters have been counting for long: who takes a value or a reset for an increase is found out.
_COUNTED_BEFORE = 1e6
LABELS = 'job="edged",instance="xu3"'
Row = list[Sample]
Metrics = Mapping[str, "float | Sequence[float | None]"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One alert, and what it is tried with.

    Attributes:
        alert: Its name.
        fires: Metrics of a board that is just bad enough, by name with its own labels: the value of a gauge,
            the increase of a counter (`_total`) in a minute, or all values of a gauge one after the other.
        quiet: Metrics of a board that is just good enough.
        fires_at: The first sample at which it fires; it must not fire at the one before.
        labels: Labels that the alert has besides those of the board.
        summary: What it says.
        description: What it says at length.
        severity: How urgent it is.
        samples: How many there are.
        interval_min: Minutes between two samples.
        disturbed_at: Where the gap or the reset is.
        board: Labels of the board, and whether the board tells about itself.
    """

    alert: str
    fires: Metrics
    quiet: Metrics
    fires_at: int
    summary: str
    description: str
    labels: Mapping[str, str] = field(default_factory=dict)
    severity: str = "warning"
    samples: int = 60
    interval_min: int = 1
    disturbed_at: int = 50
    board: Mapping[str, str] = field(
        default_factory=lambda: {"job": "edged", "instance": "xu3", "simulated": "false"}
    )

    def series(
        self, metrics: Metrics, disturb: Callable[[str, Row, int], Row] = lambda _, row, __: row
    ) -> dict[str, Row]:
        """All series as promtool takes them, with those that every board has."""
        rows = {name: self._row(name, value) for name, value in {**_EVERY_BOARD, **metrics}.items()}
        return {_full_name(name): disturb(name, row, self.disturbed_at) for name, row in rows.items() if row}

    def _row(self, name: str, value: float | Sequence[float | None]) -> Row:
        if isinstance(value, float | int):
            if name.partition("{")[0].endswith("_total"):
                step = value * self.interval_min
                return [Sample(float(_COUNTED_BEFORE + step * minute)) for minute in range(self.samples)]
            return [Sample(float(value))] * self.samples
        return [Sample(None if each is None else float(each)) for each in value]


_EVERY_BOARD: Metrics = {"up": 1, 'edged_board_info{model="XU3",simulated="false"}': 1}


def gap(name: str, row: Row, at: int) -> Row:
    """Two scrapes in a row fail."""
    failed = [Sample(0.0)] * 2 if name == "up" else [Sample("stale"), Sample(None)]
    return [*row[:at], *failed, *row[at + 2 :]] if len(row) > at + 2 else row


def reset(name: str, row: Row, at: int) -> Row:
    """The daemon begins anew, and nothing is left of what it had counted."""
    if not name.partition("{")[0].endswith("_total"):
        return row
    began = row[at].value
    assert isinstance(began, float)
    return [
        *row[:at],
        *(Sample(float(each.value) - began) for each in row[at:] if isinstance(each.value, float)),
    ]


def runbook_anchor(alert: str) -> str:
    """Where the runbook has its section."""
    return f"deploy/RUNBOOK.md#{alert.lower()}"


def _full_name(name: str) -> str:
    metric, _, rest = name.partition("{")
    own = rest.removesuffix("}")
    return f"{metric}{{{LABELS}{',' if own else ''}{own}}}"
