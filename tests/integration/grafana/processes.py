"""What the dashboards are tried on: two boards that replay the paper, and a Prometheus that scrapes them."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edged.inference.build_missing import build
from edged.inference.zoo import mobilenets

HEALTHY, HOT = "xu3", "xu3-hot"
# A target of edged's job that has never answered.
GONE = "xu3-gone"
_PATIENCE_S = 180.0
# A sweep in some ten seconds, and not all of the CPU.
_FAST = ("--speed", "25")
_HOT = ("--speed", "5", "--scenario", "hot")
# The last case of a sweep has a result.
_LAST_RESULT = "edged_measurement_load_seconds" + (
    '{alpha="1.0",cpu_cluster="little",model="mobilenet_v1_1.0_224_quant"'
)


def free_port() -> int:
    """A port of this machine's that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(log: Path, *command: str) -> Iterator[None]:
    """A process of ours, ended at the end."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def get(url: str) -> str:
    """What is at a URL of this machine's."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


def wait_for(url: str, what: str, log: Path) -> str:
    """Ask until the answer holds `what`."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            text = get(url)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            text = ""
        if what in text:
            return text
        time.sleep(0.3)
    raise AssertionError(f"no {what} at {url}:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def boards(directory: Path) -> Iterator[dict[str, int]]:
    """The port of each board, when it has measured what it can."""
    models = directory / "models"
    models.mkdir()
    build(mobilenets(models), models, 0)
    ports = {name: free_port() for name in (HEALTHY, HOT)}
    replay = ("--simulate", "xu3", "--engine", "replay")
    edged = (sys.executable, "-m", "edged", "run", *replay, "--config")
    logs = {name: directory / f"{name}.log" for name in ports}
    with (
        running(logs[HEALTHY], *edged, str(_config(directory, HEALTHY, ports[HEALTHY], models)), *_FAST),
        running(logs[HOT], *edged, str(_config(directory, HOT, ports[HOT], models)), *_HOT),
    ):
        wait_for(f"http://127.0.0.1:{ports[HEALTHY]}/metrics", _LAST_RESULT, logs[HEALTHY])
        wait_for(
            f"http://127.0.0.1:{ports[HOT]}/metrics", 'edged_throttled{cpu_cluster="big"} 1.0', logs[HOT]
        )
        yield ports


def _config(directory: Path, name: str, port: int, models: Path) -> Path:
    path = directory / f"{name}.toml"
    broken = directory / "broken.tflite"
    broken.write_bytes(b"no model")
    lines = [
        f'exposition.listen = "127.0.0.1:{port}"',
        f'models.directory = "{models}"',
        f'journal.path = "{directory / name}.db"',
    ]
    if name == HEALTHY:
        lines += ["[[model]]", 'name = "broken"', f'path = "{broken}"', 'precision = "fp32"']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A running Prometheus.

    Attributes:
        url: Where it is.
        seen_s: Wall time at which it had seen both boards; they may have ended since.
    """

    url: str
    seen_s: float

    def ask(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its HTTP API, or what is wrong with the question."""
        query = urllib.parse.urlencode(parameters)
        try:
            return json.loads(get(f"{self.url}/api/v1/{path}?{query}"))["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error


def _target(address: str, instance: str) -> dict[str, Any]:
    return {"targets": [address], "labels": {"instance": instance}}


@contextmanager
def prometheus(directory: Path, blocks: Path, ports: dict[str, int]) -> Iterator[Prometheus]:
    """A Prometheus that scrapes these boards every two seconds and has these blocks of the past.

    As most do it scrapes itself too, and something else on the boards, which goes by the same names there.
    """
    port = free_port()
    itself = f"127.0.0.1:{port}"
    edged = [_target(f"127.0.0.1:{at}", name) for name, at in sorted({**ports, GONE: free_port()}.items())]
    config = {
        "global": {"scrape_interval": "2s"},
        "scrape_configs": [
            {"job_name": "edged", "static_configs": edged},
            {"job_name": "prometheus", "static_configs": [{"targets": [itself]}]},
            {"job_name": "node", "static_configs": [_target(itself, name) for name in (HEALTHY, GONE)]},
        ],
    }
    path, log = directory / "prometheus.yml", directory / "prometheus.log"
    path.write_text(json.dumps(config), encoding="utf-8")
    command = (
        "prometheus",
        f"--config.file={path}",
        f"--storage.tsdb.path={blocks}",
        "--storage.tsdb.retention.time=60d",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    with running(log, *command):
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/-/ready", "Ready", log)
        scraped = f"{url}/api/v1/query?query=" + urllib.parse.quote("min(count_over_time(up[1m])) >= 8")
        wait_for(scraped, '"value"', log)
        yield Prometheus(url, time.time())
