"""Some minutes of what the real edged serves while it measures a simulated XU3, and how they go on.

The daemon is the whole one, with its default schedule: every case in turn, one right after the other. Only
time is virtual. What comes after the recording is the recording again, with counters that go on from where
they were: each value moves as it did on the board, and none is made up.
"""

import gzip
import hashlib
import json
import re
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.clock import NS_PER_S
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon
from edged.exposition.text import OPENMETRICS
from edged.simulation.clock import VirtualClock

PROJECT = Path(__file__).parents[3]
CACHE = PROJECT / ".cache/fleet"
INTERVAL_S = 15
# The first sweep: a board that has run for long has results of every case.
_WARM_UP = 24
_COUNTED = re.compile(r"_(total|bucket|count|sum)$")
# What stands still on the wall's clock, or follows it.
_WALL = re.compile(r"_(timestamp_seconds|start_time_seconds)$")
_FAMILY = re.compile(r"^(?=# HELP )", re.M)


@dataclass(frozen=True)
class Recording:
    """What was scraped, every 15 s of the board's time.

    Attributes:
        begun_wall_s: When by the board's wall clock the first of the texts was scraped, in seconds.
        texts: The answers, as OpenMetrics.
    """

    begun_wall_s: float
    texts: tuple[str, ...]

    @cached_property
    def _growth(self) -> dict[str, float]:
        """What the counters grow by in one lap; nothing is known of one that came later."""
        first, last = _samples(self.texts[0]), _samples(self.texts[-1])
        step = len(self.texts) / (len(self.texts) - 1)
        return {
            name: round((last[name] - value) * step, 9)
            for name, value in first.items()
            if name in last and _COUNTED.search(name.partition("{")[0])
        }

    @property
    def series(self) -> int:
        """Series of the last scrape."""
        return len(_samples(self.texts[-1]))

    def lines(
        self, number: int, wall_s: float, wanted: Callable[[str], bool] = lambda _: True
    ) -> Iterator[str]:
        """The lines of a scrape, without their ends.

        Args:
            number: Which scrape, from 0; it may lie beyond the recording.
            wall_s: When it takes place, in seconds by the wall clock.
            wanted: Says of a line of the recording whether it is one of them.
        """
        lap, place = divmod(number, len(self.texts))
        shift_s = wall_s - self.begun_wall_s - place * INTERVAL_S
        for line in self.texts[place].splitlines():
            if wanted(line):
                yield self._moved(line, lap, shift_s)

    def parts(self, number: int, wall_s: float) -> list[bytes]:
        """The same, one part for each family, as edged compresses it."""
        text = "\n".join([*self.lines(number, wall_s), ""])
        return [part.encode() for part in _FAMILY.split(text) if part]

    def _moved(self, line: str, lap: int, shift_s: float) -> str:
        if line.startswith("#"):
            return line
        series, _, value = line.rpartition(" ")
        if lap and (grown := self._growth.get(series)):
            return f"{series} {_text(float(value) + lap * grown)}"
        if _WALL.search(series.partition("{")[0]):
            return f"{series} {_text(float(value) + shift_s)}"
        return line


def recorded(scrapes: int) -> Recording:
    """A recording: that of the last time while edged is as it was then.

    Args:
        scrapes: How many, after the board has measured every case.
    """
    digest = hashlib.sha256(str(scrapes).encode())
    for path in (Path(__file__), *sorted((PROJECT / "edged").rglob("*.py"))):
        digest.update(path.read_bytes())
    kept = CACHE / f"recording-{digest.hexdigest()[:16]}.json.gz"
    if not kept.exists():
        begun_wall_s, texts = _scraped(scrapes)
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob("recording-*.json.gz"):
            old.unlink(missing_ok=True)
        kept.write_bytes(gzip.compress(json.dumps([begun_wall_s, texts]).encode(), 1))
    begun_wall_s, texts = json.loads(gzip.decompress(kept.read_bytes()))
    return Recording(begun_wall_s, tuple(texts))


@dataclass(slots=True)
class _Scraper:
    """A sampler that scrapes."""

    address: str
    clock: VirtualClock
    left: int
    stop: Callable[[], None]
    walls_s: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    name: str = "scraper"
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def step(self) -> int:
        request = urllib.request.Request(self.address, headers={"Accept": OPENMETRICS})
        with self._opener.open(request, timeout=60) as answer:
            self.texts.append(answer.read().decode())
        self.walls_s.append(self.clock.wall_s())
        self.left -= 1
        if self.left == 0:
            self.stop()
        return self.clock.monotonic_ns() + INTERVAL_S * NS_PER_S

    def close(self) -> None:
        """Nothing stays open."""


def _scraped(scrapes: int) -> tuple[float, list[str]]:
    with tempfile.TemporaryDirectory(prefix="edged-fleet-") as directory:
        config = Config(
            measure=MeasureSection(engine=REPLAY),
            exposition=ExpositionSection(listen="127.0.0.1:0"),
            journal=JournalSection(path=Path(directory) / "journal.db"),
        )
        with (
            assembled(config, Simulation("xu3", seed=1)) as assembly,
            closing(Daemon(assembly, config, plan_of(config, assembly), REPLAY)) as daemon,
        ):
            clock = assembly.clock
            assert isinstance(clock, VirtualClock)
            scraper = _Scraper(
                f"http://{daemon.server.address}/metrics", clock, _WARM_UP + scrapes, daemon.stop
            )
            drive = assembly.make_drive(scraper)
            drive.start()
            daemon.measure([])
            drive.stop()
    return scraper.walls_s[_WARM_UP], scraper.texts[_WARM_UP:]


def _samples(text: str) -> dict[str, float]:
    found = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {series: float(value) for series, _, value in found}


def _text(value: float) -> str:
    return repr(round(value, 9))
