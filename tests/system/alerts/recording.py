"""Hours of a simulated board in virtual time, scraped once a minute.

```
 scenario ──▶ simulated board ──▶ the whole daemon ──▶ /metrics, each minute ──▶ Recording ──▶ promtool
                                       ▲
                                    mishap: what goes wrong in edged itself
```

The daemon is the real one, with its schedule, journal and HTTP server; only time is virtual.
"""

import re
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Assembly, Simulation
from edged.clock import NS_PER_S
from edged.config.schedule_section import ScheduleSection
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.outside import Outside
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon
from edged.simulation.clock import VirtualClock
from edged.simulation.scenario import Scenario
from tests.integration.rules.promtool import RULE_FILES, Sample
from tests.integration.rules.shipped import metric_names

BOARD_LABELS = 'job="edged",instance="xu3"'
MINUTE_NS = 60 * NS_PER_S
_SAMPLE = re.compile(r"(edged_\w+)(?:\{(.*)\})? (\S+)")
# Where virtual time begins on the wall: what promtool calls 0.
_BEGIN_S = 1_700_000_000.0
# Most series are for dashboards only: promtool need not take them in.
_ASKED_FOR = frozenset().union(*(metric_names(path.read_text(encoding="utf-8")) for path in RULE_FILES))


@dataclass(slots=True)
class Recording:
    """What was scraped.

    Attributes:
        minutes: How many scrapes there were.
        series: Samples by series, of those that a rule names, with the labels that a scrape adds.
    """

    minutes: int = 0
    series: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Add a scrape."""
        found = {'up{job="edged",instance="xu3"}': 1.0}
        for line in text.splitlines():
            sample = _SAMPLE.fullmatch(line)
            if sample and sample[1] in _ASKED_FOR:
                shift_s = _BEGIN_S if sample[1].endswith("_timestamp_seconds") else 0.0
                own = f",{sample[2]}" if sample[2] else ""
                found[f"{sample[1]}{{{BOARD_LABELS}{own}}}"] = float(sample[3]) - shift_s
        for name in found.keys() - self.series.keys():
            self.series[name] = [Sample(None)] * self.minutes
        for name, row in self.series.items():
            if name in found:
                row.append(Sample(found[name]))
            else:
                ended = not row or row[-1].value in {None, "stale"}
                row.append(Sample(None if ended else "stale"))
        self.minutes += 1


@dataclass(frozen=True, slots=True)
class Mishap:
    """What goes wrong in edged itself, and when.

    Attributes:
        at_min: When, in minutes after the start.
        happen: Makes it happen.
    """

    at_min: int
    happen: Callable[["Daemon", Assembly], None]


@dataclass(slots=True)
class _Scraper:
    """A sampler that scrapes."""

    address: str
    clock: VirtualClock
    recording: Recording
    mishaps: Mapping[int, Callable[[], None]]
    minutes: int
    stop: Callable[[], None]
    name: str = "scraper"
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def step(self) -> int:
        """Scrape, and let happen what is due."""
        minute = self.recording.minutes
        if minute in self.mishaps:
            self.mishaps[minute]()
        with self._opener.open(self.address, timeout=60) as answer:
            self.recording.add(answer.read().decode())
        if self.recording.minutes >= self.minutes:
            self.stop()
        return self.clock.monotonic_ns() + MINUTE_NS

    def close(self) -> None:
        """Nothing stays open."""


def record(
    scenario: Scenario,
    directory: Path,
    *,
    hours: float,
    kind: str = "xu3",
    every_s: float = 300.0,
    mishap: Mishap | None = None,
    outside: Outside | None = None,
) -> Recording:
    """Let a simulated board be measured for some hours.

    Args:
        scenario: What the board is put through.
        directory: Where the journal goes.
        hours: How long.
        kind: `xu3` or `xu4`.
        every_s: Time from one measurement to the next.
        mishap: What goes wrong in edged itself.
        outside: What the service manager gives.
    """
    config = Config(
        measure=MeasureSection(engine=REPLAY),
        schedule=ScheduleSection(every_s=every_s),
        exposition=ExpositionSection(listen="127.0.0.1:0"),
        journal=JournalSection(path=directory / "journal.db"),
    )
    recording = Recording()
    with (
        assembled(config, Simulation(kind, seed=1, scenario=scenario)) as assembly,
        closing(Daemon(assembly, config, plan_of(config, assembly), REPLAY, outside)) as daemon,
    ):
        clock = assembly.clock
        assert isinstance(clock, VirtualClock)
        mishaps = {mishap.at_min: lambda: mishap.happen(daemon, assembly)} if mishap else {}
        scraper = _Scraper(
            f"http://{daemon.server.address}/metrics",
            clock,
            recording,
            mishaps,
            round(hours * 60),
            daemon.stop,
        )
        drive = assembly.make_drive(scraper)
        drive.start()
        daemon.measure([])
        drive.stop()
    return recording


def without_board(recording: Recording, from_min: int) -> Recording:
    """The same, but from a minute on the board does not answer."""
    series = {}
    for name, row in recording.series.items():
        rest = recording.minutes - from_min
        gone = (
            [Sample(0.0)] * rest
            if name.startswith("up{")
            else [Sample("stale"), *[Sample(None)] * (rest - 1)]
        )
        series[name] = [*row[:from_min], *gone]
    return replace(recording, series=series)
