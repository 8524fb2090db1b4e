"""A daemon with workers, to be harmed: what it says, what it serves, and who its workers are."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

# For a machine so busy that everything takes ten times as long; no test waits for it in vain.
TIMEOUT_S = 120.0
# What a busy machine does to measurements and to their turns is not what is tested.
_CONFIG = """
exposition.listen = "127.0.0.1:0"
journal.path = "state/journal.db"
schedule.busy_cpus = 4096
schedule.hot_c = 200

[measure]
protocol = "brief"
foreign_load_max_ratio = 1.0
"""


def configure(directory: Path, more: str, models: Mapping[str, bytes]) -> Path:
    """A configuration with models of its own, whose files lie beside it.

    Args:
        directory: Where.
        more: Its further lines, of [measure] at first.
        models: Their content by name.
    """
    text = _CONFIG + more
    for name, content in models.items():
        (directory / f"{name}.tflite").write_bytes(content)
        text += f'\n[[model]]\nname = "{name}"\npath = "{name}.tflite"\nprecision = "int8"\n'
    config = directory / "edged.toml"
    config.write_text(text)
    return config


class Living:
    """A daemon that runs.

    Args:
        process: It.
        directory: Where its configuration, its models and what it said are.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", directory: Path) -> None:
        """Wait until it listens."""
        self.process = process
        self.directory = directory
        self.wait_for(lambda: "metrics: " in self.said)
        self.address = self.said.split("metrics: ")[1].split()[0].removesuffix("/metrics")

    @property
    def said(self) -> str:
        """All that it wrote."""
        return (self.directory / "said").read_text(errors="replace")

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened; the daemon must not end meanwhile."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while not happened():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline_s, self.said
            time.sleep(0.05)

    def get(self, path: str) -> str:
        """What it serves at a path, without any proxy on the way."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.address + path, timeout=TIMEOUT_S) as answer:
            return str(answer.read().decode())

    def json(self, path: str) -> Any:
        """The same from the API."""
        return json.loads(self.get(f"/api/v1/{path}"))

    def ready(self) -> bool:
        """What it says of itself at `/-/ready`."""
        try:
            return bool(self.get("/-/ready"))
        except urllib.error.HTTPError:
            return False

    def sum_of(self, name: str, **labels: str) -> float:
        """Sum of the series of that name with these labels, others left open."""
        return sum(value for seen, value in self.series(name) if labels.items() <= seen.items())

    def series(self, name: str) -> list[tuple[dict[str, str], float]]:
        """The series of that name in a scrape."""
        families = text_string_to_metric_families(self.get("/metrics"))
        return [(s.labels, s.value) for family in families for s in family.samples if s.name == name]

    def worker_on(self, model: str) -> int | None:
        """The worker that has a model's file loaded now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in children.read_text().split():
            try:
                if f"/{model}.tflite" in Path(f"/proc/{pid}/maps").read_text():
                    return int(pid)
            except OSError:
                continue  # it has just ended
        return None

    def harm(self, model: str, signal_number: int, rejection: str) -> None:
        """Send a signal to a worker in mid-measurement, until that leads to a rejection with these words.

        A worker that had done its work already is no harm done: the next one is taken.
        """
        before = self.said.count(rejection)
        harmed = None
        deadline_s = time.monotonic() + TIMEOUT_S
        while self.said.count(rejection) == before:
            assert time.monotonic() < deadline_s, self.said
            pid = self.worker_on(model)
            if pid not in {None, harmed}:
                os.kill(pid or 0, signal_number)
                harmed = pid
            time.sleep(0.05)

    def measures(self, model: str) -> None:
        """Wait until one more worker on that model has finished, whatever the verdict on what it measured."""
        name, labels = "edged_inferences_total", {"model": model}
        line = f"\n{model}@"

        def finished() -> int:
            return sum("FPS" in each.split("\n")[0] for each in self.said.split(line)[1:])

        before, inferences = finished(), self.sum_of(name, **labels)
        self.wait_for(lambda: finished() > before and self.sum_of(name, **labels) > inferences)


@contextmanager
def living(config: Path, *words: str) -> Iterator[Living]:
    """`edged run` with these words; it must end well, and must never have shown a traceback."""
    directory = config.parent
    with (directory / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "edged", "run", *words, "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "HOME": str(directory), "TMPDIR": str(directory)},
        )
    try:
        found = Living(process, directory)
        yield found
        process.terminate()
        assert process.wait(TIMEOUT_S) == 0
        assert "Traceback" not in found.said
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
