"""`edged run` with its journal: it goes on where the last life ended, and on a disk that takes nothing."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parse

from edged.journal.reader import Wanted, read_records

LONGEST_S = 60.0


@contextmanager
def daemon(config: Path) -> Iterator[str]:
    """A simulated board that measures at the speed of the processor; gives the address of its metrics."""
    command = [sys.executable, "-m", "edged", "run", "mobilenet_v1_0.25_224@big", "--protocol", "quick"]
    command += ["--simulate", "xu3", "--engine", "replay", "--speed", "0", "--config", str(config)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            address = next(m[0] for line in process.stdout if (m := re.search(r"http://\S+", line)))
            os.set_blocking(process.stdout.fileno(), True)
            drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            drain.wait(20)


def scrape(address: str) -> dict[str, float]:
    """The sums of all series of each name."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        text = answer.read().decode()
    sums: dict[str, float] = {}
    for family in parse(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return sums


def once(address: str, measured: int) -> dict[str, float]:
    """A scrape after so many valid measurements."""
    end_s = time.monotonic() + LONGEST_S
    while time.monotonic() < end_s:
        seen = scrape(address)
        if seen["edged_measurements_total"] >= measured:
            return seen
        time.sleep(0.05)
    raise AssertionError(seen)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "edged.toml"
    file.write_text('exposition.listen = "127.0.0.1:0"\njournal.path = "state/j.db"\n')
    return file


def test_counters_and_results_go_on_in_the_next_life(config: Path) -> None:
    with daemon(config) as address:
        before = once(address, 3)
    with daemon(config) as address:
        first = scrape(address)
        later = once(address, int(first["edged_measurements_total"]) + 1)
    names = [name for name in before if name.startswith("edged_") and name.endswith(("_total", "_count"))]
    assert {"edged_rail_energy_joules_total", "edged_inferences_total"} < set(names)
    for name in names:
        if name != "edged_cpu_frequency_seconds_total":  # of the simulated kernel, which begins anew
            assert before[name] <= first[name] <= later[name], name
    assert first["edged_measurement_latency_seconds"] > 0
    assert (later["edged_journal_failures_total"], later["edged_journal_bytes"] > 4_096) == (0, True)
    path = config.parent / "state/j.db.xu3-replay"
    records = list(read_records(path, Wanted()))
    assert len(records) >= later["edged_measurements_total"]
    assert {record.life.simulation for record in records} == {
        "simulated xu3, replaying the paper's latencies"
    }
    assert not (config.parent / "state/j.db").exists()


def test_measuring_and_exporting_go_on_where_nothing_can_be_written(config: Path) -> None:
    (config.parent / "state").write_text("a file where the directory should be")
    with daemon(config) as address:
        seen = once(address, 3)
    assert seen["edged_journal_failures_total"] > 0


def test_measuring_goes_on_when_the_disk_is_full_and_nothing_finished_is_lost_after(config: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    disk = config.parent / "state"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("this container may not mount a file system")
    try:
        with daemon(config) as address:
            once(address, 2)
            filler = disk / "filler"
            with pytest.raises(OSError, match="No space left"):
                filler.write_bytes(b"x" * (1 << 20))
            end_s = time.monotonic() + LONGEST_S
            while scrape(address)["edged_journal_failures_total"] == 0:
                assert time.monotonic() < end_s
                time.sleep(0.05)
            once(address, int(scrape(address)["edged_measurements_total"]) + 2)
            filler.unlink()
            measured = once(address, int(scrape(address)["edged_measurements_total"]) + 1)
        records = list(read_records(disk / "j.db.xu3-replay", Wanted()))
        assert len(records) >= measured["edged_measurements_total"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_second_daemon_on_the_journal_ends_and_says_who_has_it(config: Path) -> None:
    command = [sys.executable, "-m", "edged", "run", "--simulate", "xu3", "--engine", "replay"]
    command += ["--config", str(config)]
    with daemon(config):
        second = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert second.returncode == 1
    assert re.search(r"j\.db\.xu3-replay: process \d+ writes this journal already", second.stderr)
