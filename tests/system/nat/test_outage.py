"""The way to the store is cut, twice, and comes back: the store has every sample of every scrape, once."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

from tests.system.nat.agent import URL, agent, configured, hurried
from tests.system.nat.board import edged
from tests.system.nat.network import Network
from tests.system.nat.store import Store, victoria_metrics
from tests.system.stack.servers import wait_for

_PATIENCE_S = 300.0
# Many more than are under way at once.
_SCRAPES_CUT_OFF = 15
_COUNTING_PORT = 10232


def agent_value(net: Network, name: str) -> float:
    """A metric of the agent's own; the sum, where it has labels."""
    text = net.board.fetch(f"{URL}/metrics") or ""
    values = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, values)) if values else -1.0


def caught_up(net: Network) -> bool:
    """Whether all that the agent has was taken by the store."""
    newest = agent_value(net, "prometheus_remote_storage_highest_timestamp_in_seconds")
    sent = agent_value(net, "prometheus_remote_storage_queue_highest_sent_timestamp_seconds")
    return newest == sent > 0 and agent_value(net, "prometheus_remote_storage_samples_pending") == 0


def test_outages_lose_nothing_and_nothing_is_there_twice(net: Network, tmp_path: Path) -> None:
    counted = tmp_path / "scrapes"

    def scrapes() -> int:
        return len(counted.read_text().splitlines()) if counted.exists() else 0

    with ExitStack() as exits:
        store = exits.enter_context(victoria_metrics(net.store, tmp_path / "store"))
        exits.enter_context(edged(net.board, tmp_path))
        exits.enter_context(_counting(net, counted))
        etc = tmp_path / "etc"
        path = configured(etc, "victoria-metrics", store.secrets)
        hurried(path, store.url)
        both = (
            '- targets: ["127.0.0.1:10231"]\n  labels: {instance: xu3-attic}\n'
            f'- targets: ["127.0.0.1:{_COUNTING_PORT}"]\n  labels: {{instance: counting}}\n'
        )
        (etc / "board.yml").write_text(both)
        exits.enter_context(agent(net.board, path, tmp_path))

        wait_for(
            lambda: store.value("up{instance='xu3-attic'}") == 1.0, _PATIENCE_S, "the board is in the store"
        )
        wait_for(lambda: store.value("scrapes_total") is not None, _PATIENCE_S, "scrapes are in the store")
        for cut, restore in (
            (net.cut_uplink, net.restore_uplink),
            (net.unplug_board, net.plug_board),
        ):
            cut()
            before = scrapes()
            wait_for(partial(_far_more, scrapes, before), _PATIENCE_S, "scrapes go on")
            assert len(_numbers(store)) <= before
            restore()
            wait_for(partial(_has, store, before + _SCRAPES_CUT_OFF), _PATIENCE_S, "all is in the store")

        # Nothing is scraped from here on. The last that each series gets is the mark of its end, more than
        # two scrapes after its target has gone.
        (etc / "board.yml").write_text("[]")
        wait_for(lambda: _stands_still(net), _PATIENCE_S, "the end of scraping")
        wait_for(lambda: _has_ended(store), _PATIENCE_S, "the end of every series")
        wait_for(lambda: caught_up(net), _PATIENCE_S, "the agent has sent everything")
        appended = agent_value(net, "prometheus_agent_samples_appended_total")
        stored = store.samples('{job="edged"}')

        # On a machine that is too busy to answer within a second a scrape may fail; that is told as well.
        ups = {labels["instance"]: samples for labels, samples in stored if labels["__name__"] == "up"}
        good_ms = {name: [at for at, up in samples if up == 1.0] for name, samples in ups.items()}
        failed = sum(up == 0.0 for _, up in ups["counting"])
        assert [at_ms for at_ms, _ in _numbers(store)] == good_ms["counting"]
        times_s = [float(line) for line in counted.read_text().splitlines()]
        lost = {*range(1, len(times_s) + 1)} - {int(number) for _, number in _numbers(store)}
        assert len(lost) <= failed
        # A scrape is stamped when it begins, to some milliseconds, and has ended when the next one begins.
        scraped = [(at_ms / 1000, times_s[int(number) - 1]) for at_ms, number in _numbers(store)]
        for (stamp_s, at_s), (next_s, _) in pairwise([*scraped, (float("inf"), 0.0)]):
            assert stamp_s - 0.01 <= at_s <= next_s + 0.01

        # Each series of each scrape: as many in the store as the agent has taken, each at a time of its own.
        assert sum(len(samples) for _, samples in stored) == appended > 100 * _SCRAPES_CUT_OFF
        for labels, samples in stored:
            at_ms = [at for at, _ in samples]
            assert at_ms == sorted(set(at_ms)), labels
        assert {labels["instance"] for labels, _ in stored} == {"xu3-attic", "counting"}
        watts = {
            labels["rail"]: samples
            for labels, samples in stored
            if labels["__name__"] == "edged_rail_power_watts"
        }
        assert [at_ms for at_ms, value in watts["big"] if value is not None] == good_ms["xu3-attic"]


def _numbers(store: Store) -> list[tuple[int, float]]:
    """The numbered scrapes in the store; the mark of their end is left out."""
    found = store.samples("scrapes_total")
    return [(at_ms, value) for _, samples in found for at_ms, value in samples if value is not None]


def _stands_still(net: Network) -> bool:
    """Whether no target is scraped any more."""
    return agent_value(net, "prometheus_sd_discovered_targets") == 0 and (
        agent_value(net, "prometheus_target_scrape_pool_targets") == 0
    )


def _has_ended(store: Store) -> bool:
    """Whether every series in the store has the mark of its end."""
    return all(samples[-1][1] is None for _, samples in store.samples('{job="edged"}'))


def _far_more(scrapes: Callable[[], int], before: int) -> bool:
    return scrapes() >= before + _SCRAPES_CUT_OFF


def _has(store: Store, count: int) -> bool:
    return len(_numbers(store)) > count


@contextmanager
def _counting(net: Network, file: Path) -> Iterator[None]:
    words = [sys.executable, "-m", "tests.system.nat.counting", str(_COUNTING_PORT), str(file)]
    with subprocess.Popen(net.board.command(*words)) as process:
        try:
            yield
        finally:
            process.kill()
