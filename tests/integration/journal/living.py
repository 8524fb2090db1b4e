"""A life of the daemon's journal at full speed, until somebody kills it: prints what a scrape would show."""

import itertools
import sys
import time
from dataclasses import replace
from pathlib import Path

from edged.clock import SystemClock
from edged.exposition.kept_counters import KeptCounters
from edged.exposition.ledger import Ledger
from edged.exposition.scrape import SUBJECTS, registry_of
from edged.exposition.snapshot import Snapshot
from edged.journal.episodes import EpisodeFinder
from edged.journal.file import JournalFile
from edged.journal.life import Life
from edged.journal.retention import Bounds
from edged.journal.writer import JournalWriter
from edged.sampling.drive import ThreadDrive
from edged.sampling.throttling import Throttling
from tests.unit.exposition.facts import BOARD, LABELS, ON_BIG, SNAPSHOT, inferences, measurement


def live(path: Path) -> None:
    clock = SystemClock()
    journal = JournalFile(
        path, Bounds(64 << 20, 400.0), Life("b", clock.monotonic_ns(), clock.wall_s(), "", "")
    )
    resumed = journal.resume()
    ledger = Ledger([ON_BIG], resumed.last_valid)

    def snapshot() -> Snapshot:
        return replace(SNAPSHOT, cases=tuple(ledger.accounts.values()), journal=journal.state)

    counters = KeptCounters(resumed.counters, snapshot, SUBJECTS)
    registry = registry_of(snapshot, clock, counters.shown)
    writer = JournalWriter(journal, counters, EpisodeFinder(Throttling(BOARD), [], 0), clock)
    drive = ThreadDrive(writer, clock)
    drive.start()
    for _ in itertools.count():
        ledger.apply_inferences(ON_BIG, inferences(0.02, 0.02))
        made = measurement(finished_wall_s=clock.wall_s())
        writer.finished(made)
        ledger.apply(made)
        drive.nudge()
        names = ("edged_measurements_total", "edged_inferences_total", "edged_inference_duration_seconds_sum")
        shown = [registry.get_sample_value(name, LABELS) for name in names]
        print(*shown, journal.state.failures, flush=True)
        time.sleep(0.001)


if __name__ == "__main__":
    live(Path(sys.argv[1]))
