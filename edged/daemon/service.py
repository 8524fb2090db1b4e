"""The daemon: measures what its plan asks for, for ever, and serves what it finds."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing

from edged.assembly.parts import Assembly
from edged.clock import NS_PER_S, SystemClock
from edged.config.sections import Config, ExpositionSection
from edged.daemon.health import Health, Vital, vital_of
from edged.daemon.life import life_of
from edged.daemon.measuring import Measuring
from edged.daemon.outside import Outside
from edged.daemon.plan import Plan
from edged.daemon.status_file import StatusFile, written_path
from edged.exposition.api.routes import api_routes
from edged.exposition.build_facts import build_facts
from edged.exposition.http import MetricsServer
from edged.exposition.kept_counters import KeptCounters
from edged.exposition.ledger import Ledger
from edged.exposition.ledger_watcher import LedgerWatcher
from edged.exposition.model_facts import KnownModels
from edged.exposition.page.routes import page_routes
from edged.exposition.publisher import Publisher, Sources
from edged.exposition.scrape import SUBJECTS, registry_of
from edged.journal.cooling_marks import marks_as_counters, marks_in, without_marks
from edged.journal.episodes import EpisodeFinder
from edged.journal.file import JournalFile
from edged.journal.writer import JournalWriter
from edged.measurement.sweep import Watcher
from edged.sampling.drive import ThreadDrive
from edged.sampling.throttling import marks_of
from edged.schedule.state import ScheduleState


class Daemon:
    """Serves metrics from its start to its end, and measures while it is told to.

    Args:
        assembly: What measuring takes.
        config: What holds.
        plan: What to measure at first.
        engine: Package that runs the models, for the metrics.
        outside: What the service manager gives.
    """

    def __init__(
        self,
        assembly: Assembly,
        config: Config,
        plan: Plan,
        engine: str,
        outside: Outside | None = None,
    ) -> None:
        """Begin to serve.

        Raises:
            EdgedError: If it cannot listen where it should.
        """
        outside = outside or Outside()
        self._stopping = False
        # A watchdog waits by this machine's time, whatever time the board lives in.
        self._real_clock = SystemClock()
        self._stepped_ns: int | None = None
        life = life_of(assembly)
        journal = JournalFile(config.journal.path_for(assembly.simulated_as), config.journal.bounds, life)
        resumed = journal.resume()
        marks, same_boot = marks_in(resumed.counters, life.boot_id)
        assembly.rig.throttling.resume(marks, same_boot=same_boot)
        ledger = Ledger(plan.cases, resumed.last_valid)
        models = KnownModels(plan.models)

        def change(plan: Plan) -> None:
            ledger.expect(plan.cases)
            models.take(plan.models)

        self._measuring = Measuring(
            assembly,
            plan,
            last=str(resumed.last_valid[-1].case) if resumed.last_valid else "",
            on_plan=change,
            on_model=models.look_again,
        )
        sources = Sources(
            build=build_facts(engine),
            board=lambda: assembly.board,
            sysfs=assembly.sysfs,
            simulated=bool(assembly.simulation),
            models=lambda: models.facts,
            ledger=ledger,
            conditions=assembly.rig.conditions,
            throttling=assembly.rig.throttling,
            rejected_temperatures=lambda: assembly.conditions.rejected_temperatures,
            rails=assembly.accounts,
            journal=lambda: journal.state,
            schedule=lambda: self._measuring.state,
            reload=outside.reload,
        )
        publisher = Publisher(sources, assembly.clock)
        self._latest = publisher.latest
        counters = KeptCounters(
            without_marks(resumed.counters),
            publisher.latest,
            SUBJECTS,
            lambda snapshot: marks_as_counters(marks_of(snapshot.throttling), life.boot_id),
        )
        clusters = [cluster.name for cluster in assembly.board.clusters]
        episodes = EpisodeFinder(assembly.rig.throttling, clusters, assembly.clock.monotonic_ns())
        writer = JournalWriter(journal, counters, episodes, assembly.clock)
        # What is counted must have been given to the journal before.
        self._watchers = (writer, LedgerWatcher(ledger))
        with ExitStack() as stack:
            self.server = stack.enter_context(self._server(config.exposition, counters, outside.listening))
            # The journal is the first to end: what is scraped later is no newer than what it has written.
            drives = [assembly.make_drive(sampler) for sampler in (assembly.follower, publisher, writer)]
            for drive in drives:
                drive.start()
                stack.callback(drive.stop)
            telling = ThreadDrive(self._status_file(config, assembly), self._real_clock)
            telling.start()
            stack.callback(telling.stop)
            self._closing = stack.pop_all()
        own = (
            *filter(None, map(vital_of, drives)),
            Vital("the measuring loop", lambda: True, self.loop_blocked_s),
            Vital("the HTTP server", lambda: self.server.alive, self.server.blocked_s),
        )

        def vitals() -> list[Vital]:
            # A sensor that is plugged in on a bus of its own begins a thread.
            return [*filter(None, map(vital_of, assembly.drives)), *own]

        self.health = Health(vitals, outside.watchdog_s)

    def _server(
        self, exposition: ExpositionSection, counters: KeptCounters, listening: socket.socket | None
    ) -> MetricsServer:
        # A scrape is real even where the board's time is not: it is timed by this machine's clock.
        registry = registry_of(self._latest, self._real_clock, counters.shown)
        return MetricsServer(
            registry,
            exposition.address,
            routes={**page_routes(self._latest), **api_routes(self._latest)},
            unready=self.unready,
            latest=self._latest,
            tls=exposition.tls,
            users=exposition.password_hashes,
            listening=listening,
        )

    def _status_file(self, config: Config, assembly: Assembly) -> StatusFile:
        about = {
            "simulation": assembly.simulation,
            "metrics": self.server.metrics_url,
            "journal": str(config.journal.path_for(assembly.simulated_as)),
        }
        path = written_path(config, os.environ, assembly.simulated_as)
        return StatusFile(path, self._latest, about, self._real_clock)

    def measure(
        self, watchers: Sequence[Watcher], on_state: Callable[[ScheduleState], None] = lambda _: None
    ) -> None:
        """Measure what the plan asks for until `stop` is called.

        Args:
            watchers: Who else wants to know of runs and measurements.
            on_state: Told what the schedule is doing, a few times a second.
        """
        with closing(self._measuring):
            while not self._stopping:
                self._stepped_ns = self._real_clock.monotonic_ns()
                self._measuring.step((*self._watchers, *watchers))
                on_state(self.schedule)
        self._stepped_ns = None

    def take(self, plan: Plan) -> None:
        """Go on with another plan, once the measurement under way is finished; returns at once.

        From any thread, and from a signal handler.
        """
        self._measuring.take(plan)

    def admit(self, exposition: ExpositionSection) -> None:
        """Answer who may ask by another configuration, and look for new certificates; from any thread.

        Args:
            exposition: What holds now; only its users do so without a restart.
        """
        self.server.admit(exposition.password_hashes)
        self.server.renew()

    @property
    def schedule(self) -> ScheduleState:
        """What the schedule is doing; from any thread."""
        return self._measuring.state

    @property
    def measuring(self) -> bool:
        """Whether the measuring loop runs."""
        return self._stepped_ns is not None

    def unready(self) -> str | None:
        """Why it does not do its work, in a few words; None if it does."""
        if self._stopping:
            return "it is stopping"
        if not self.measuring:
            return "it is starting"
        if self._latest().conditions is None:
            return "the board has not been looked at yet"
        return self.health.complaint()

    def loop_blocked_s(self) -> float:
        """How long ago the measuring loop began its last step, in seconds; 0 while it does not run.

        A step lasts a quarter of a second, and a little more where a measurement begins or ends.
        """
        stepped_ns = self._stepped_ns
        return 0.0 if stepped_ns is None else (self._real_clock.monotonic_ns() - stepped_ns) / NS_PER_S

    def stop(self) -> None:
        """Have `measure` end within a quarter of a second; from a signal handler or any thread.

        A measurement under way is ended, and has no result.
        """
        self._stopping = True

    def close(self) -> None:
        """Serve no longer."""
        self._closing.close()
