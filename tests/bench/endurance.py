"""A simulated board left running for days: what grows, and what drifts from the truth.

The whole daemon lives in the board's own time: schedule, samplers, journal, HTTP server. At intervals of that
time it is scraped, and weighed: a leak shows as memory that grows, a lost reading as an energy that drifts.

`python -m tests.bench.endurance --minutes 60` looks longer.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Assembly, Simulation
from edged.clock import NS_PER_S
from edged.config.schedule_section import ScheduleSection
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon
from edged.sampling.rail_account import RailTotals
from edged.simulation.replay import ReplayWorkers
from edged.simulation.scenario import Scenario
from tests.bench.figures import Figure, show

_HOUR_NS = 3_600 * NS_PER_S
_SCRAPES = 20
# A wait for a board's own time has to settle first: caches fill, rings too.
_SETTLED_H = 1.0
# The board remembers its truth for six hours, some 25 MiB an hour: here it forgets what was compared with it.
_COMPARE_NS, _REMEMBERED_NS = 60 * NS_PER_S, 600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment.

    Attributes:
        hours: Simulated time since the start.
        cpu_s: Processor time of the process since its start.
        rss_mib: Resident memory of the process, the simulated board in it.
        threads: Threads of the process.
        descriptors: Open descriptors.
        journal_bytes: The journal, as it is exported.
        series: Series in a scrape.
        scrape_p95_s: Of twenty scrapes over HTTP.
        measurements: Valid and rejected so far.
        counted_ratio: By rail, counted energy against the true energy of the same time.
        missing_s: Most time of any rail that is neither observed nor unobserved.
        unobserved_ratio: Highest share of any rail's time that is unobserved.
    """

    hours: float
    cpu_s: float
    rss_mib: float
    threads: int
    descriptors: int
    journal_bytes: float
    series: int
    scrape_p95_s: float
    measurements: int
    counted_ratio: Mapping[str, float]
    missing_s: float
    unobserved_ratio: float


class Endurance:
    """Looks at a daemon at intervals of its own time, and ends it.

    Args:
        daemon: What is looked at.
        assembly: What it runs on.
        every_ns: Simulated time between two looks.
        last_ns: Simulated time of the last look.
        until_s: `time.monotonic()` after which no look follows, however little was simulated.
        told: Given each look.
    """

    def __init__(
        self,
        daemon: Daemon,
        assembly: Assembly,
        *,
        every_ns: int,
        last_ns: int,
        until_s: float,
        told: Callable[[Look], None],
    ) -> None:
        """Have the first look taken after one interval."""
        workers = assembly.rig.workers
        assert isinstance(workers, ReplayWorkers)
        self.looks: list[Look] = []
        self._board, self._clock = workers._board, workers._clock
        self._daemon = daemon
        self._accounts = assembly.accounts
        self._every_ns = every_ns
        self._last_ns = last_ns
        self._until_s = until_s
        self._told = told
        self._start_ns = self._clock.monotonic_ns()
        self._settled_ns = {account.rail.name: self._start_ns for account in assembly.accounts}
        self._true_j = dict.fromkeys(self._settled_ns, 0.0)
        self._clock.call_at(self._start_ns + every_ns, self._look)
        self._compare_later()

    def _compare_later(self) -> None:
        self._compare()
        now_ns = self._clock.monotonic_ns()
        for truth in self._board.soc.rails.values():
            truth.drop_before(now_ns - _REMEMBERED_NS)
        self._clock.call_at(now_ns + _COMPARE_NS, self._compare_later)

    def _compare(self) -> Mapping[str, RailTotals]:
        """Add up the true energy of the time that each rail's counter speaks of now."""
        totals = {account.rail.name: account.totals for account in self._accounts}
        for rail, each in totals.items():
            settled_ns = self._start_ns + each.observed_ns + each.unobserved_ns
            self._true_j[rail] += self._board.truth(self._settled_ns[rail], settled_ns)[rail].total_j
            self._settled_ns[rail] = settled_ns
        return totals

    def _look(self) -> None:
        now_ns = self._clock.monotonic_ns()
        url = f"http://{self._daemon.server.address}/metrics"
        text, p95_s = _scraped(url)
        values = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]

        def total(name: str) -> float:
            return sum(float(value) for key, value in values if key.split("{")[0] == name)

        totals = self._compare()
        self.looks.append(
            Look(
                hours=(now_ns - self._start_ns) / _HOUR_NS,
                cpu_s=time.process_time(),
                rss_mib=total("process_resident_memory_bytes") / (1 << 20),
                threads=threading.active_count(),
                descriptors=len(os.listdir("/proc/self/fd")),
                journal_bytes=total("edged_journal_bytes"),
                series=len(values),
                scrape_p95_s=p95_s,
                measurements=round(total("edged_measurements_total")),
                counted_ratio={r: each.energy_j / self._true_j[r] for r, each in totals.items()},
                missing_s=max(
                    ((now_ns - at_ns) / NS_PER_S for at_ns in self._settled_ns.values()), default=0.0
                ),
                unobserved_ratio=max(
                    (
                        each.unobserved_ns / (each.observed_ns + each.unobserved_ns)
                        for each in totals.values()
                    ),
                    default=0.0,
                ),
            )
        )
        self._told(self.looks[-1])
        if now_ns + self._every_ns > self._start_ns + self._last_ns or time.monotonic() > self._until_s:
            self._daemon.stop()
        else:
            self._clock.call_at(now_ns + self._every_ns, self._look)


def _scraped(url: str) -> tuple[str, float]:
    took_s, text = [], ""
    for _ in range(_SCRAPES):
        begun_s = time.perf_counter()
        with urllib.request.urlopen(url, timeout=60) as answer:
            text = answer.read().decode()
        took_s.append(time.perf_counter() - begun_s)
    return text, statistics.quantiles(took_s, n=20)[-1]


def endure(
    board: str,
    directory: Path,
    *,
    days: float,
    minutes: float,
    look_h: float = 1.0,
    every_s: float = 600.0,
    told: Callable[[Look], None] = lambda _: None,
) -> list[Look]:
    """Leave a simulated board running; what was seen at each look.

    Args:
        board: xu3 or xu4.
        directory: Where the journal may lie.
        days: Most simulated time.
        minutes: Most wall time.
        look_h: Simulated hours between two looks.
        every_s: Simulated time from one measurement to the next.
        told: Given each look as it is taken.
    """
    config = Config(
        measure=MeasureSection(engine=REPLAY, protocol="quick"),
        schedule=ScheduleSection(every_s=every_s),
        exposition=ExpositionSection(listen="127.0.0.1:0"),
        journal=JournalSection(path=directory / "journal.db", max_size_mib=1),
    )
    until_s = time.monotonic() + minutes * 60
    # Chips without errors of their own: what is left is ours.
    with assembled(config, Simulation(board, scenario=Scenario(chip_spread=0.0))) as assembly:
        with closing(Daemon(assembly, config, plan_of(config, assembly), REPLAY)) as daemon:
            endurance = Endurance(
                daemon,
                assembly,
                every_ns=round(look_h * _HOUR_NS),
                last_ns=round(days * 24 * _HOUR_NS),
                until_s=until_s,
                told=told,
            )
            daemon.measure([])
        return endurance.looks


def figures(looks: list[Look]) -> list[Figure]:
    """What grew and what drifted between the first look at which all is settled and the last one."""
    first = next((look for look in looks if look.hours >= _SETTLED_H), looks[-1])
    last = looks[-1]
    ratios = last.counted_ratio
    error = max((abs(ratio - 1) for ratio in ratios.values()), default=None)
    drift = max((abs(ratio - first.counted_ratio[rail]) for rail, ratio in ratios.items()), default=None)
    return [
        Figure("simulated time", f"{last.hours:.1f} h"),
        Figure("processor time of a simulated day", _per_day(looks)),
        Figure("measurements", f"{last.measurements}"),
        Figure(
            "resident memory, first, middle and last",
            f"{first.rss_mib:.1f} {looks[len(looks) // 2].rss_mib:.1f} {last.rss_mib:.1f} MiB",
        ),
        Figure("threads, first and last", f"{first.threads} {last.threads}"),
        Figure("descriptors, first and last", f"{first.descriptors} {last.descriptors}"),
        Figure("series, first and last", f"{first.series} {last.series}"),
        Figure("journal, last", f"{last.journal_bytes / 1024:.0f} KiB"),
        Figure(
            "p95 of a scrape, first and last",
            f"{first.scrape_p95_s * 1e3:.1f} {last.scrape_p95_s * 1e3:.1f} ms",
        ),
        Figure("counted against true energy, worst rail", "no rails" if error is None else f"{error:.2e}"),
        Figure("  its change since the first look", "no rails" if drift is None else f"{drift:.2e}"),
        Figure("time unobserved, worst rail", f"{last.unobserved_ratio:.2e}"),
        Figure("time not accounted for yet, worst rail", f"{last.missing_s:.3f} s"),
    ]


def _per_day(looks: list[Look]) -> str:
    first, last = looks[0], looks[-1]
    if first is last:
        return "not known of one look"
    return f"{(last.cpu_s - first.cpu_s) / (last.hours - first.hours) * 24:.0f} s"


def main() -> None:
    """Leave both boards running, and print what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5.0, help="wall time, half of it for each board")
    parser.add_argument("--days", type=float, default=7.0, help="most simulated time")
    parser.add_argument("--boards", nargs="+", default=["xu4", "xu3"], choices=["xu3", "xu4"])
    arguments, _ = parser.parse_known_args()
    for board in arguments.boards:
        print(
            f"\n{'hours':>8} {'RSS MiB':>8} {'threads':>8} {'fds':>5} {'journal KiB':>12} {'scrape p95':>11}"
        )
        with tempfile.TemporaryDirectory() as directory:
            looks = endure(
                board, Path(directory), days=arguments.days, minutes=arguments.minutes / 2, told=_print
            )
        show(f"{board} left running", figures(looks))


def _print(look: Look) -> None:
    print(
        f"{look.hours:8.1f} {look.rss_mib:8.2f} {look.threads:8} {look.descriptors:5}"
        f" {look.journal_bytes / 1024:12.0f} {look.scrape_p95_s * 1e3:8.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
