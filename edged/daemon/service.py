"""The daemon: measures all cases in turn, for ever, and serves what it finds."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack

from edged.assembly.parts import Assembly
from edged.clock import SystemClock
from edged.config.sections import Config
from edged.daemon.life import life_of
from edged.exposition.build_facts import build_facts
from edged.exposition.http import MetricsServer
from edged.exposition.kept_counters import KeptCounters
from edged.exposition.ledger import Ledger
from edged.exposition.ledger_watcher import LedgerWatcher
from edged.exposition.model_facts import model_facts
from edged.exposition.publisher import Publisher, Sources
from edged.exposition.scrape import SUBJECTS, registry_of
from edged.journal.episodes import EpisodeFinder
from edged.journal.file import JournalFile
from edged.journal.writer import JournalWriter
from edged.measurement.protocol import Protocol
from edged.measurement.result import Case
from edged.measurement.sweep import Watcher, sweep


class Daemon:
    """Serves metrics from its start to its end, and measures while it is told to.

    Args:
        assembly: What measuring takes.
        config: What holds.
        cases: What to measure.
        engine: Package that runs the models, for the metrics.
    """

    def __init__(self, assembly: Assembly, config: Config, cases: Sequence[Case], engine: str) -> None:
        """Begin to serve.

        Raises:
            EdgedError: If it cannot listen where it should.
        """
        self._assembly = assembly
        self._cases = tuple(cases)
        self._stopping = threading.Event()
        journal = JournalFile(
            config.journal.path_for(assembly.simulated_as),
            config.journal.bounds,
            life_of(assembly),
        )
        resumed = journal.resume()
        ledger = Ledger(cases, resumed.last_valid)
        sources = Sources(
            build=build_facts(engine),
            board=assembly.board,
            sysfs=assembly.sysfs,
            simulated=bool(assembly.simulation),
            models=model_facts(dict.fromkeys(case.model for case in cases)),
            ledger=ledger,
            conditions=assembly.rig.conditions,
            throttling=assembly.rig.throttling,
            rejected_temperatures=lambda: assembly.conditions.rejected_temperatures,
            rails=assembly.accounts,
            journal=lambda: journal.state,
        )
        publisher = Publisher(sources, assembly.clock)
        counters = KeptCounters(resumed.counters, publisher.latest, SUBJECTS)
        clusters = [cluster.name for cluster in assembly.board.clusters]
        episodes = EpisodeFinder(assembly.rig.throttling, clusters, assembly.clock.monotonic_ns())
        writer = JournalWriter(journal, counters, episodes, assembly.clock)
        # What is counted must have been given to the journal before.
        self._watchers: tuple[Watcher, ...] = (writer, LedgerWatcher(ledger))
        with ExitStack() as stack:
            # A scrape is real even where the board's time is not: it is timed by this machine's clock.
            registry = registry_of(publisher.latest, SystemClock(), counters.shown)
            self.server = stack.enter_context(MetricsServer(registry, config.exposition.address))
            # The journal is the first to end: what is scraped later is no newer than what it has written.
            for sampler in (publisher, writer):
                drive = assembly.make_drive(sampler)
                drive.start()
                stack.callback(drive.stop)
            self._closing = stack.pop_all()

    def measure(self, protocol: Protocol, watchers: Sequence[Watcher]) -> None:
        """Measure all cases in turn until `stop` is called.

        Args:
            protocol: How to run them.
            watchers: Who else wants to know.
        """
        assembly = self._assembly
        while not self._stopping.is_set():
            under_way = sweep(
                self._cases, assembly.board, protocol, assembly.rig, [*self._watchers, *watchers]
            )
            for _ in under_way:
                if self._stopping.is_set():
                    under_way.close()

    def stop(self) -> None:
        """Have `measure` end after the measurement under way; from a signal handler or any thread."""
        self._stopping.set()

    def close(self) -> None:
        """Serve no longer."""
        self._closing.close()
