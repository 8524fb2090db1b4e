"""What a board has after the steps of deploy/agent/README.md, and its agent."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.nat.network import Place
from tests.system.stack.checkout import PROJECT
from tests.system.stack.debian import words_of

AGENT = PROJECT / "deploy/agent"
DROP_IN = AGENT / "prometheus.conf"
STORES = sorted(path.stem for path in (AGENT / "stores").glob("*.yml"))
URL = "http://127.0.0.1:9090"
_HURRIED = {
    "scrape_interval: 15s": "scrape_interval: 1s",
    "scrape_timeout: 10s": "scrape_timeout: 1s",
    "max_backoff: 30s": "max_backoff: 1s",
}


def configured(directory: Path, store: str, secrets: Path) -> Path:
    """The agent's configuration for a kind of store.

    Args:
        directory: /etc/prometheus/edged of the board.
        store: Name of the file in stores/.
        secrets: Directory of the files that it may name.
    """
    directory.mkdir(parents=True, exist_ok=True)
    shutil.copytree(secrets, directory / "secrets", dirs_exist_ok=True)
    shutil.copyfile(AGENT / "board.yml", directory / "board.yml")
    parts = (AGENT / "agent.yml", AGENT / f"stores/{store}.yml")
    path = directory / "agent.yml"
    path.write_text("".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
    return path


def hurried(path: Path, store: str) -> None:
    """Scrape every second, and write to this store."""
    text = path.read_text()
    for usual, this in _HURRIED.items():
        assert usual in text
        text = text.replace(usual, this)
    path.write_text(re.sub(r"url: https://store\.example:\d+", f"url: {store}", text))


@contextmanager
def agent(board: Place, configuration: Path, directory: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The agent as the drop-in starts it.

    Args:
        board: Where.
        configuration: Its configuration.
        directory: Where its data and its log go.
    """
    words = [
        word.replace("/etc/prometheus/edged", str(configuration.parent)).replace(
            "/var/lib/prometheus", str(directory)
        )
        for word in words_of(DROP_IN)
    ]
    (line,) = re.findall(r"^Environment=(.*)$", DROP_IN.read_text(), re.MULTILINE)
    with (directory / "agent.log").open("a") as log:
        process = subprocess.Popen(
            board.command("env", *line.split(), *words), stdout=log, stderr=subprocess.STDOUT, cwd=directory
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
