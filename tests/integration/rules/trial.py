"""One alert, and what it is tried with.

An alert is given the metrics of a board that is just bad enough, and of one that is just good enough, minute
by minute. From these come its four tests, and three ways in which scraping is disturbed:

- a gap: two scrapes in a row fail, so every series of the board ends, and begins again
- a reset: edged begins anew without its journal, so every counter falls to 0 and rises on as before
- a restart: two scrapes fail, and at the next one edged has read nothing yet; for alerts without counters
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.integration.rules.promtool import Sample

# Counters have been counting for long: who takes a value or a reset for an increase is found out.
_COUNTED_BEFORE = 1e6
LABELS = 'job="edged",instance="xu3"'
Row = list[Sample]
Disturb = Callable[[str, Row, int], Row]
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
        disturbed_at: Where the gap, the reset or the restart is.
        over_after_restart: Whether it ends as soon as a restarted edged has been scraped.
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
    over_after_restart: bool = False
    board: Mapping[str, str] = field(
        default_factory=lambda: {"job": "edged", "instance": "xu3", "simulated": "false"}
    )

    @property
    def disturbances(self) -> "tuple[Disturb, ...]":
        """What it is disturbed with: a reset does nothing to an alert that counts nothing."""
        counts = any(_metric(name).endswith("_total") for name in {**self.fires, **self.quiet})
        return (gap, reset if counts else restart)

    def series(self, metrics: Metrics) -> dict[str, Row]:
        """All series as promtool takes them, with those that every board has."""
        rows = {name: self._row(name, value) for name, value in {**_EVERY_BOARD, **metrics}.items()}
        return {_full_name(name): row for name, row in rows.items() if row}

    def disturbed(self, metrics: Metrics, disturb: Disturb) -> dict[str, Row]:
        """The same, disturbed.

        Raises:
            AssertionError: Nothing that the alert is made of would be disturbed.
        """
        series = self.series(metrics)
        disturbed = {name: disturb(name, row, self.disturbed_at) for name, row in series.items()}
        changed = {_metric(name) for name, row in series.items() if disturbed[name] != row}
        assert changed & set(map(_metric, metrics)), f"{disturb.__name__} does nothing to {self.alert}"
        return disturbed

    def _row(self, name: str, value: float | Sequence[float | None]) -> Row:
        if isinstance(value, float | int):
            if _metric(name).endswith("_total"):
                step = value * self.interval_min
                return [Sample(float(_COUNTED_BEFORE + step * minute)) for minute in range(self.samples)]
            return [Sample(float(value))] * self.samples
        return [Sample(None if each is None else float(each)) for each in value]


_EVERY_BOARD: Metrics = {"up": 1, 'edged_board_info{model="XU3",simulated="false"}': 1}


def gap(name: str, row: Row, at: int) -> Row:
    """Two scrapes in a row fail."""
    return _failed(name, row, at, 2, 2)


def reset(name: str, row: Row, at: int) -> Row:
    """The daemon begins anew, and nothing is left of what it had counted."""
    if not _metric(name).endswith("_total"):
        return row
    began = row[at].value
    assert isinstance(began, float)
    return [
        *row[:at],
        *(Sample(float(each.value) - began) for each in row[at:] if isinstance(each.value, float)),
    ]


def restart(name: str, row: Row, at: int) -> Row:
    """The board or edged starts again: what is read now and then comes one scrape later than the rest."""
    back = _failed(name, row, at, 2, 3 if _metric(name) in _READ else 2)
    fresh = _AFTER_RESTART.get(_metric(name))
    return back if fresh is None else [*back[: at + 2], *[Sample(fresh)] * (len(row) - at - 2)]


# What a scrape in edged's first second does not have. Facts are there, and what the journal kept.
_READ = {
    "edged_cooling_state",
    "edged_cpu_frequency_hertz",
    "edged_cpu_frequency_limit_hertz",
    "edged_rail_power_watts",
    "edged_temperature_celsius",
}
# A daemon that runs has been able to use its configuration.
_AFTER_RESTART = {"edged_config_last_reload_successful": 1.0}


def _failed(name: str, row: Row, at: int, scrapes: int, missing: int) -> Row:
    """So many scrapes fail, and the series is missing from so many."""
    if _metric(name) == "up":
        return [*row[:at], *[Sample(0.0)] * scrapes, *row[at + scrapes :]]
    return [*row[:at], Sample("stale"), *[Sample(None)] * (missing - 1), *row[at + missing :]]


def runbook_anchor(alert: str) -> str:
    """Where the runbook has its section."""
    return f"deploy/RUNBOOK.md#{alert.lower()}"


def _metric(name: str) -> str:
    return name.partition("{")[0]


def _full_name(name: str) -> str:
    metric, _, rest = name.partition("{")
    own = rest.removesuffix("}")
    if own.startswith("job="):
        return name
    return f"{metric}{{{LABELS}{',' if own else ''}{own}}}"
