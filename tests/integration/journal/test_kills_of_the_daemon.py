"""SIGKILL of `edged run` at any moment, scraped all the while: nothing finished is lost, no counter falls.

Two chains of lives, each with a journal of its own, side by side: most of a life is its start.
"""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path

CHAINS = 2
KILLS_PER_CHAIN = 26
# Of lives that are killed before they listen, and after; each in steps of its own start.
EARLY = 0.25


_SAMPLE = re.compile(r"^(edged_\S+?(?:_total|_count|_sum|_bucket)(?:\{.*\})?) (\S+)$", re.MULTILINE)
_FINISHED = re.compile(r"^edged_measurement_timestamp_seconds\{.*\} (\S+)$", re.MULTILINE)
_MEASURED = re.compile(r"^edged_measurements_(?:rejected_)?total\{.*\} (\S+)$", re.MULTILINE)
# Of the simulated kernel, which begins anew with each life.
_KERNELS_OWN = "edged_cpu_frequency_seconds_total"


class Seen:
    """What all scrapes of a chain saw."""

    def __init__(self) -> None:
        self.counters: dict[str, float] = {}
        self.finished_s: set[float] = set()
        self.measured = 0.0
        self.scrapes = 0

    def add(self, text: str) -> None:
        counters = {key: float(value) for key, value in _SAMPLE.findall(text) if _KERNELS_OWN not in key}
        fallen = {
            key: (self.counters[key], now) for key, now in counters.items() if now < self.counters.get(key, 0)
        }
        assert not fallen
        assert counters.keys() >= self.counters.keys()
        self.counters = counters
        self.finished_s |= set(map(float, _FINISHED.findall(text)))
        # Of one case and without load, no measurement is rejected for two reasons but by throttling.
        self.measured = max(map(float, _MEASURED.findall(text)))
        self.scrapes += 1


@contextmanager
def life(config: Path, seed: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "edged", "run", "mobilenet_v1_0.25_224@big", "--protocol", "quick"]
    command += ["--simulate", "xu3", "--engine", "replay", "--speed", "0", "--config", str(config)]
    # Each life in its own time: no two measurements finish at the same moment.
    command += ["--seed", str(seed)]
    # A killed simulation leaves its board's files behind.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(config.parent)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def listening(process: subprocess.Popen[str]) -> str | None:
    """Where it serves its metrics; None if it was killed before."""
    assert process.stdout is not None
    address = next((m[0] for line in process.stdout if (m := re.search(r"http://\S+", line))), None)
    if address:
        threading.Thread(target=process.stdout.read, daemon=True).start()
    return address


def scrape(address: str) -> str | None:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.read().decode())
    except (OSError, HTTPException):
        return None  # it was killed in the middle


def live_and_be_killed(config: Path, chance: random.Random, start_s: float, seen: Seen) -> float:
    """One life; returns how long it took to listen, or `start_s` if it was killed before."""
    begun_s = time.monotonic()
    early = chance.random() < EARLY
    with life(config, chance.getrandbits(32)) as process:
        if early:
            threading.Timer(chance.uniform(0.0, start_s), process.kill).start()
        address = listening(process)
        if address is None:
            assert early, (process.wait(), process.stderr and process.stderr.read())
            return start_s
        start_s = time.monotonic() - begun_s
        if not early:
            threading.Timer(chance.uniform(0.0, start_s), process.kill).start()
        while text := scrape(address):
            seen.add(text)
    return start_s


def check_journal(path: Path, seen: Seen, into: Path) -> None:
    """Of a copy: the next life finds what the kill has left."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    for part in path.parent.glob(f"{path.name}*"):
        if not part.name.endswith("-shm"):
            shutil.copy(part, into)
    assert not list(path.parent.glob("*damaged*"))
    if not (into / path.name).exists():
        assert not seen.counters
        return
    with closing(sqlite3.connect(into / path.name)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if seen.scrapes:
            kept_s = {row[0] for row in copy.execute("SELECT finished_wall_s FROM measurements")}
            assert seen.finished_s <= kept_s
            (kept,) = copy.execute("SELECT count(*) FROM measurements").fetchone()
            assert kept >= seen.measured


def chain(directory: Path, seed: int) -> Seen:
    directory.mkdir()
    config = directory / "edged.toml"
    config.write_text('exposition.listen = "127.0.0.1:0"\njournal.path = "state/j.db"\n')
    chance, seen, start_s = random.Random(seed), Seen(), 1.0
    for _ in range(KILLS_PER_CHAIN):
        start_s = live_and_be_killed(config, chance, start_s, seen)
        check_journal(directory / "state/j.db.xu3-replay", seen, directory / "copy")
    with life(config, chance.getrandbits(32)) as process:
        address = listening(process)
        assert address
        text = scrape(address)
        assert text
        seen.add(text)
    return seen


def test_over_52_kills_of_the_daemon_nothing_finished_is_lost_and_no_counter_falls(tmp_path: Path) -> None:
    with ThreadPoolExecutor(CHAINS) as pool:
        chains = list(pool.map(lambda seed: chain(tmp_path / str(seed), seed), range(CHAINS)))
    for seen in chains:
        assert seen.scrapes > 1
        assert seen.finished_s
