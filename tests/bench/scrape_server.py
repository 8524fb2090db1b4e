"""Serves the metrics of an XU3 that has measured every case; each scrape finds a newer snapshot.

`python -m tests.bench.scrape_server [measured]`: with a word, each scrape finds a new result of one case too.
It prints its port, and serves until its standard input ends.
"""

import sys
from dataclasses import replace
from itertools import count

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import Snapshot
from tests.unit.exposition.test_golden_metrics import after_a_sweep


class _Changing:
    def __init__(self, snapshot: Snapshot, *, measured: bool) -> None:
        self._numbers = count()
        self._measured = measured
        self.latest = snapshot

    def next(self) -> Snapshot:
        """What the page asks for once a scrape."""
        number = next(self._numbers)
        cases = list(self.latest.cases)
        if self._measured:
            case = cases[number % len(cases)]
            assert case.last_valid
            newer = replace(case.last_valid, finished_wall_s=case.last_valid.finished_wall_s + 1)
            cases[number % len(cases)] = replace(case, valid=case.valid + 1, last_valid=newer)
        self.latest = replace(self.latest, at_ns=self.latest.at_ns + 1, cases=tuple(cases))
        return self.latest


def main() -> None:
    """Serve."""
    changing = _Changing(after_a_sweep(), measured=len(sys.argv) > 1)
    registry = registry_of(lambda: changing.latest, SystemClock())
    with MetricsServer(registry, Address("127.0.0.1", 0), latest=changing.next) as server:
        print(server.address.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
