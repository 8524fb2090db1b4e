"""Even the agent was off: what edged measured meanwhile comes to the store from its journal."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.command import started
from tests.system.nat.network import Network
from tests.system.nat.store import victoria_metrics
from tests.system.stack.servers import ask, free_port, serving, wait_for

_PATIENCE_S = 300.0
_LABELS = ("--label", "job=edged", "--label", "instance=xu3-attic")


@pytest.fixture
def measured(tmp_path: Path) -> tuple[str, list[dict[str, Any]]]:
    """What `edged results` gives for back-filling, and the same measurements as JSON."""
    config = tmp_path / "edged.toml"
    config.write_text('[journal]\npath = "journal.db"\n[exposition]\nlisten = "127.0.0.1:0"\n')
    simulated = ("--simulated", "xu3-replay")

    def results(*words: str) -> str:
        command = [sys.executable, "-m", "edged", "results", "--config", str(config), *simulated, *words]
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120).stdout

    def valid() -> list[dict[str, Any]]:
        text = results("--format", "json", "--verdict", "valid")
        found: list[dict[str, Any]] = json.loads(text)["measurements"] if text else []
        return found

    words = ("--simulate", "xu3", "--engine", "replay", "--speed", "20")
    with started("run", *words, "--config", config, env={"HOME": str(tmp_path)}) as edged:
        wait_for(lambda: len(valid()) >= 5, _PATIENCE_S, "five measurements")
        edged.terminate()
        edged.wait(_PATIENCE_S)
    return results("--format", "openmetrics", *_LABELS), valid()


def expected(measurements: list[dict[str, Any]]) -> dict[tuple[str, str, int], float]:
    """Latency in seconds by model, CPU cluster and the millisecond at which the measurement ended."""
    return {
        (each["model"], each["cpu_cluster"], int(each["finished_wall_s"] * 1000)): each["latency_s"]["mean"]
        for each in measurements
    }


@contextmanager
def prometheus(directory: Path) -> Iterator[str]:
    """A Prometheus with nothing to scrape; it keeps its data in `data` of the directory."""
    (directory / "prometheus.yml").write_text("")
    words = ("--config.file=prometheus.yml", "--storage.tsdb.path=data")
    with serving("prometheus", *words, port=free_port(), directory=directory) as address:
        yield address


def test_promtool_brings_it_into_a_prometheus_that_runs(
    measured: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    if not shutil.which("promtool"):
        pytest.skip("there is no promtool: apt-get install prometheus")
    text, measurements = measured
    (tmp_path / "results.txt").write_text(text)
    found: dict[tuple[str, str, int], float] = {}
    with prometheus(tmp_path) as address:
        command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "results.txt", "data"]
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, timeout=120)

        def arrived() -> bool:
            asked = "edged_measurement_latency_seconds%7Binstance='xu3-attic',job='edged'%7D[10h]"
            newest_s = max(each["finished_wall_s"] for each in measurements) + 1
            for series in ask(f"{address}/api/v1/query?query={asked}&time={newest_s}")["data"]["result"]:
                labels = series["metric"]
                for at_s, value in series["values"]:
                    found[labels["model"], labels["cpu_cluster"], round(at_s * 1000)] = float(value)
            return bool(found)

        wait_for(arrived, _PATIENCE_S, "the blocks are read")
    assert found == pytest.approx(expected(measurements))


def test_victoria_metrics_takes_the_same_text(
    net: Network, measured: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    text, measurements = measured
    with ExitStack() as exits:
        store = exits.enter_context(victoria_metrics(net.store, tmp_path / "store"))
        wait_for(
            lambda: store.ask("/api/v1/import/prometheus", body=text) is not None, _PATIENCE_S, "it is taken"
        )
        selector = "edged_measurement_latency_seconds"

        def arrived() -> dict[tuple[str, str, int], float | None]:
            return {
                (labels["model"], labels["cpu_cluster"], at_ms): value
                for labels, samples in store.samples(selector)
                for at_ms, value in samples
            }

        # It shows what it took bit by bit.
        wait_for(lambda: len(arrived()) >= len(measurements), _PATIENCE_S, "all of it is there")
        assert arrived() == pytest.approx(expected(measurements))
        assert {labels["instance"] for labels, _ in store.samples(selector)} == {"xu3-attic"}
