"""Shows measurements as they come: a live table on a terminal, a line each elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress
from rich.table import Column
from rich.text import Text

from edged.assembly.parts import Assembly
from edged.cli.plain_console import folding_column
from edged.cli.quantity import duration, with_uncertainty
from edged.cli.results_table import results_table
from edged.cli.time_left import TimeLeft
from edged.clock import Clock, SystemClock
from edged.inference.job import Event
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Run
from edged.measurement.sweep import Watcher

# Of the bar; half of it on terminals of less than that many columns, and the time left below on narrow ones.
_BAR, _WIDE, _NARROW = 24, 92, 78
# Of a screen, beside title and rows: the bar, the headings, the rule below them, and two that are empty.
_OTHER_LINES = 5
_FEWEST_ROWS = 3


class LiveTable:
    """The table of cases with a bar of progress and the time left, redrawn as things happen.

    Args:
        cases: In the order in which they run.
        title: What stands above the table.
        clock: What the time left is told by.
        live: Where it is drawn.
    """

    def __init__(self, cases: Sequence[Case], title: str, clock: Clock, live: Live) -> None:
        """Draw the table with nothing in it."""
        self._cases = cases
        self._title = title
        self._time_left = TimeLeft(len(cases), clock)
        self._live = live
        self._results: dict[Case, Measurement] = {}
        self._done = 0
        columns = live.console.width
        width = _BAR if columns >= _WIDE else _BAR // 2
        bar = BarColumn(width, table_column=Column(width=width))
        between = "  " if columns >= _NARROW else "\n"
        text = folding_column(f"{{task.description}}{between}{{task.fields[left]}}")
        self._progress = Progress(bar, text, console=live.console)
        self._task = self._progress.add_task("starting", total=1.0, left="")
        self._draw(None)

    def running(self, run: Run, events: Sequence[Event]) -> None:  # noqa: ARG002 - a watcher's signature
        """Move the bar."""
        position = self._done % len(self._cases) + 1
        self._time_left.progressed(run.progress_ratio)
        left_s = self._time_left.seconds()
        self._progress.update(
            self._task,
            completed=run.progress_ratio,
            description=f"{position} of {len(self._cases)}  {run.case}",
            left="" if left_s is None else f"about {duration(left_s)} left",
        )
        self._draw(run.case)

    def finished(self, measurement: Measurement) -> None:
        """Fill in a row."""
        self._results[measurement.case] = measurement
        self._done += 1
        self._time_left.finished()
        if self._done % len(self._cases) == 0:
            self._progress.update(self._task, completed=1.0, description="sweep finished", left="")
        self._draw(None)

    def rest(self) -> None:
        """Leave only the table: nothing is under way any more."""
        self._live.update(results_table(self._cases, self._results, None, self._title))

    def rejections(self) -> Iterator[str]:
        """What speaks against the newest measurement of each case, a line each."""
        for case, measurement in self._results.items():
            for rejection in measurement.verdict.rejections:
                yield f"{case}: {rejection.reason}: {rejection.detail}"

    def _draw(self, running: Case | None) -> None:
        # The bar stands above: where there is no room for all, the end is what is cut off.
        table = results_table(self._in_sight(running), self._results, running, self._title)
        self._live.update(Group(self._progress, table))

    def _in_sight(self, running: Case | None) -> Sequence[Case]:
        """The cases that the screen has room for: where not all, those round the one under way."""
        console = self._live.console
        title = len(Text(self._title).wrap(console, console.width))
        rows = max(_FEWEST_ROWS, console.height - title - _OTHER_LINES)
        at = self._cases.index(running) if running in self._cases else self._done % len(self._cases)
        begin = max(0, min(at - rows // 2, len(self._cases) - rows))
        return self._cases[begin : begin + rows]


class Lines:
    """One line per measurement, for logs and pipes.

    Args:
        title: What stands above the lines.
        write: Takes a line.
        simulated: Whether energies come from simulated sensors.
    """

    def __init__(self, title: str, write: Callable[[str], None], *, simulated: bool) -> None:
        """Write the title."""
        self._write = write
        self._mark = " (simulated)" if simulated else ""
        write(title)

    def running(self, run: Run, events: Sequence[Event]) -> None:
        """Progress is for terminals."""

    def finished(self, measurement: Measurement) -> None:
        """Write what was measured, and every reason against it."""
        latency = measurement.latency
        told = f"{with_uncertainty(latency.mean_s, latency.u95_s, 's')}  " if latency else ""
        told += f"{latency.frames_per_second:.2f} FPS  " if latency else ""
        for rail, energy in measurement.rails.items():
            net = energy.net_energy_j
            told += f"{rail} {with_uncertainty(net.value, net.u95, 'J')}{self._mark}  "
        self._write(f"{measurement.case}  {told}{measurement.verdict}")
        for rejection in measurement.verdict.rejections:
            self._write(f"    {rejection.reason}: {rejection.detail}")


@contextmanager
def view(console: Console, cases: Sequence[Case], title: str, assembly: Assembly) -> Iterator[Watcher]:
    """A live table if `console` is a terminal, else lines."""
    if not console.is_terminal:
        yield Lines(
            title,
            lambda line: console.print(line, highlight=False, soft_wrap=True),
            simulated=bool(assembly.simulation),
        )
        return
    with Live(console=console, refresh_per_second=4, vertical_overflow="crop") as live:
        table = LiveTable(cases, title, SystemClock(), live)
        try:
            yield table
        finally:
            table.rest()
    for rejection in table.rejections():
        console.print(rejection, highlight=False, style="red")
