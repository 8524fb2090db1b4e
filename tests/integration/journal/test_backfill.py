"""`edged results --format openmetrics` in a real Prometheus: promtool makes blocks of it, and they answer."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from edged.exposition.backfill import backfill
from edged.journal.reader import Wanted, read_records
from tests.unit.exposition.facts import ENERGY, measurement
from tests.unit.journal.records import batch, journal

LONGEST_S = 60.0


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def ask(port: int, query: str, at_s: float) -> list[dict[str, object]]:
    asked = urllib.parse.urlencode({"query": query, "time": at_s})
    end_s = time.monotonic() + LONGEST_S
    while True:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/api/v1/query?{asked}", timeout=30
            ) as answer:
                result: list[dict[str, object]] = json.load(answer)["data"]["result"]
                return result
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < end_s
            time.sleep(0.1)


def test_a_real_prometheus_answers_from_what_was_measured_before_it_was_there(tmp_path: Path) -> None:
    if not (shutil.which("promtool") and shutil.which("prometheus")):
        pytest.skip("the Debian package prometheus is not installed")
    now_s = float(round(time.time()))
    path = tmp_path / "j.db"
    file = journal(path)
    for hours in range(30, 0, -1):
        made = measurement(rails={"big": ENERGY}, load_s=float(hours), finished_wall_s=now_s - hours * 3_600)
        assert file.write(batch(made))
    file.close()
    (tmp_path / "results.txt").write_text(backfill(read_records(path, Wanted())))
    data = tmp_path / "data"
    made_blocks = subprocess.run(
        ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(tmp_path / "results.txt"), str(data)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made_blocks.returncode == 0, made_blocks.stderr
    assert len([block for block in data.iterdir() if re.fullmatch("[0-9A-Z]{26}", block.name)]) > 10
    (tmp_path / "prometheus.yml").write_text("")
    port = free_port()
    command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={data}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            for hours in (30, 17, 1):
                (series,) = ask(port, "edged_measurement_load_seconds", now_s - hours * 3_600 + 60)
                assert series["value"] == [now_s - hours * 3_600 + 60, str(hours)]
            (series,) = ask(port, 'edged_measurement_net_energy_joules{rail="big"}', now_s - 5 * 3_600 + 1)
            assert series["metric"]["model"] == measurement().case.model.name  # type: ignore[index]
        finally:
            server.terminate()
            server.wait(60)
