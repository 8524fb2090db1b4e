"""`edged status` as a person on the board asks."""

import json
import os
import signal
from pathlib import Path

from tests.integration.cli.command import REPLAY, edged, ended, line_with, started, wait_for
from tests.integration.cli.conftest import SMALL


def test_status_follows_a_daemon_from_its_start_to_a_kill(config: Path, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    asked = ("status", "--config", config)
    before = edged(*asked, env=env)
    assert (before.code, "edged is not running" in before.out) == (1, True)
    with started("run", SMALL, *REPLAY, "--speed", "0", "--config", config, env=env) as process:
        line_with(process, "metrics: ")
        file = tmp_path / "run/edged/status.json.xu3-replay"
        wait_for(file.exists)
        during = edged(*asked, env=env)
        told = json.loads(edged(*asked, "--json", env=env).out)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = edged(*asked, env=env)
    assert (during.code, f"running, process {process.pid}" in during.out) == (0, True)
    assert "SIMULATED" in during.out
    assert f"{SMALL}@" in during.out
    assert told["running"] is True
    assert {case["model"] for case in told["status"]["results"]} == {SMALL}
    assert (after.code, "ended without a word" in after.out) == (1, True)


def test_a_clean_end_takes_the_file_away(config: Path, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    with started("run", SMALL, *REPLAY, "--config", config, env=env) as process:
        line_with(process, "metrics: ")
        wait_for((tmp_path / "run/edged/status.json.xu3-replay").exists)
        process.terminate()
        assert ended(process).code == 0
    assert list((tmp_path / "run/edged").iterdir()) == []


def test_a_place_that_takes_no_file_costs_only_the_file(config: Path, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where the directory should be")
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    words = ("run", SMALL, *REPLAY, "--speed", "0", "--protocol", "quick", "--config", config)
    with started(*words, env=env) as process:
        assert "valid" in line_with(process, " valid")
        process.terminate()
        assert ended(process).code == 0


def test_a_file_of_another_layout_is_told_in_words(config: Path, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    file = tmp_path / "run/edged/status.json"
    file.parent.mkdir(parents=True)
    author = {"pid": 1, "boot_id": "", "start": "never"}
    file.write_text(json.dumps({"author": author, "written_ns": 1, "status": {"board": "another"}}))
    asked = edged("status", "--config", config, env=env)
    assert asked.code == 1
    assert "its status is not laid out as this version's" in asked.out
