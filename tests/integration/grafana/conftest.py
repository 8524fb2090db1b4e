"""A Prometheus that has seen two boards replay the paper."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.grafana.processes import HEALTHY, Prometheus, boards, get, prometheus
from tests.integration.grafana.week_ago import write_blocks


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Debian's Prometheus, scraping both boards."""
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        pytest.skip("there is no prometheus: apt-get install prometheus")
    directory = tmp_path_factory.mktemp("grafana")
    blocks = directory / "tsdb"
    with ExitStack() as alive:
        ports = alive.enter_context(boards(directory))
        exposition = get(f"http://127.0.0.1:{ports[HEALTHY]}/metrics")
        write_blocks(exposition, f'job="edged",instance="{HEALTHY}"', blocks)
        with prometheus(directory, blocks, ports) as running:
            # What the boards said is known now; running on, they would only take CPU from other tests.
            alive.close()
            yield running


@pytest.fixture(scope="session")
def node() -> Path:
    """Where Grafana's transformations are."""
    directory = Path(__file__).with_name("node")
    if not shutil.which("node"):
        pytest.skip("there is no node: apt-get install nodejs")
    if not (directory / "node_modules" / "@grafana" / "data").is_dir():
        pytest.skip("Grafana's packages are absent: `make test` gets them with npm where it can")
    return directory
