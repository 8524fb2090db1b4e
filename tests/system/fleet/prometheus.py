"""Debian's Prometheus with the shipped scrape configuration and rules, and what it says of itself."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.rules.promtool import CONFIGURATION, RULE_FILES

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_SAMPLE = re.compile(r"^(\w+(?:\{.*\})?) (\S+)$", re.M)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a query brought, and what it cost.

    Attributes:
        result: As the API gives it.
        cpu_s: CPU time that it took, in seconds.
        peak_samples: Most samples held at once.
    """

    result: Any
    cpu_s: float
    peak_samples: int


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A Prometheus that runs.

    Attributes:
        url: Its address.
        directory: Where its files are, and its data in `data`.
        pid: Its process.
    """

    url: str
    directory: Path
    pid: int

    def cpu_s(self) -> float:
        """CPU time that it has used so far, in seconds."""
        # clock_getcpuclockid(3), which Python does not have.
        return time.clock_gettime(~self.pid << 3 | 2)

    def scrape(self, targets: Sequence[str]) -> None:
        """Have it scrape these boards from now on, and no others."""
        new = self.directory / "targets/new"
        new.write_text(json.dumps([{"targets": [*targets]}]), encoding="utf-8")
        new.rename(self.directory / "targets/edged.yml")

    def metrics(self) -> dict[str, float]:
        """What it exports of itself, by series."""
        with _OPENER.open(f"{self.url}/metrics", timeout=60) as answer:
            return {series: float(value) for series, value in _SAMPLE.findall(answer.read().decode())}

    def ask(self, query: str, **more: object) -> Answered:
        """The answer to an instant query; with start, end and step to a range query."""
        path = "query_range" if "step" in more else "query"
        before_s = self.cpu_s()
        words = urllib.parse.urlencode({"query": query, "stats": "all", **more})
        try:
            with _OPENER.open(f"{self.url}/api/v1/{path}?{words}", timeout=120) as answer:
                data = json.loads(answer.read())["data"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{query}: {refused.read().decode()}") from refused
        return Answered(data["result"], self.cpu_s() - before_s, data["stats"]["samples"]["peakSamples"])

    def value(self, query: str) -> float:
        """The value of an instant query that has one."""
        (only,) = self.ask(query).result
        return float(only["value"][1])

    def rules(self) -> dict[str, list[dict[str, Any]]]:
        """The rules of each group."""
        with _OPENER.open(f"{self.url}/api/v1/rules", timeout=60) as answer:
            groups = json.loads(answer.read())["data"]["groups"]
        return {group["name"]: group["rules"] for group in groups}

    def unwell_rules(self) -> list[str]:
        """Rules that could not be evaluated, with why."""
        rules = [rule for group in self.rules().values() for rule in group]
        return [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] == "err"]


@contextmanager
def prometheus(directory: Path, targets: Sequence[str], scrape_interval: str = "15s") -> Iterator[Prometheus]:
    """One that scrapes boards.

    Args:
        directory: Where its files and data go; data that is there already is taken.
        targets: Addresses of the boards.
        scrape_interval: As Prometheus writes it; 15s is the shipped one.
    """
    program = shutil.which("prometheus")
    assert program, "there is no prometheus: apt-get install prometheus"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    directory.mkdir(parents=True, exist_ok=True)
    for path in (*RULE_FILES, CONFIGURATION):
        text = path.read_text(encoding="utf-8")
        if path == CONFIGURATION:
            text = text.replace("scrape_interval: 15s", f"scrape_interval: {scrape_interval}")
            if scrape_interval != "15s":
                text = text.replace("scrape_timeout: 10s", f"scrape_timeout: {scrape_interval}")
        to = directory / ("rules" if path in RULE_FILES else "") / path.name
        to.parent.mkdir(exist_ok=True)
        to.write_text(text, encoding="utf-8")
    # Nobody is told of these boards.
    (directory / "alertmanagers.yml").write_text("[]", encoding="utf-8")
    (directory / "targets").mkdir(exist_ok=True)
    command = [program, "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{port}"],
            cwd=directory,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        running = Prometheus(f"http://127.0.0.1:{port}", directory, process.pid)
        try:
            running.scrape(targets)
            _wait_until_ready(running, process, directory / "log")
            yield running
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(running: Prometheus, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until_s = time.monotonic() + 120
    while time.monotonic() < until_s and process.poll() is None:
        try:
            with _OPENER.open(f"{running.url}/-/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"Prometheus does not become ready:\n{log.read_text()[-2000:]}")
