"""How `edged measure` ends: done, failed, refused, or interrupted. Never with a traceback."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.integration.cli.command import REPLAY, edged, ended, line_with, started, wait_for
from tests.integration.cli.conftest import CONFIG, SMALL

# The paper's hour takes half a minute: long enough to be interrupted in the middle.
HOUR = ("measure", *REPLAY, "--protocol", "paper")


def own_model(directory: Path, content: bytes) -> Path:
    """A configuration whose only small model is the user's own."""
    (directory / "door.tflite").write_bytes(content)
    config = directory / "edged.toml"
    config.write_text(f'{CONFIG}\n[[model]]\nname = "door"\npath = "door.tflite"\nprecision = "int8"\n')
    return config


def test_ctrl_c_keeps_what_is_finished() -> None:
    with started(*HOUR) as process:
        first = line_with(process, "@big  ")
        os.killpg(process.pid, signal.SIGINT)
        done = ended(process)
    assert done.code == 130
    # Cut off while it is written, a line may be written again.
    finished = {line.split()[0] for line in (first + done.out).splitlines() if "@" in line}
    assert f"interrupted: {len(finished)} of 16 cases finished" in done.out
    assert "mobilenet_v1_0.25_224@big" in finished
    assert "0.25 fp32" in done.out  # in the table of energies


def test_ctrl_c_ends_the_json_as_a_whole_document() -> None:
    with started(*HOUR, "--json") as process:
        assert process.stderr
        while "@big  " not in process.stderr.readline():
            pass
        os.killpg(process.pid, signal.SIGINT)
        done = ended(process)
    assert done.code == 130
    assert json.loads(done.out)["measurements"][0]["model"] == "mobilenet_v1_0.25_224"


def test_a_request_to_end_keeps_what_is_finished_too() -> None:
    with started(*HOUR) as process:
        line_with(process, "@big  ")
        process.terminate()
        done = ended(process)
    assert done.code == 130
    assert " of 16 cases finished" in done.out


def test_ctrl_c_while_models_are_built_leaves_no_half_model(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text('[models]\ndirectory = "models"\n')
    with started("measure", "--config", config) as process:
        wait_for((tmp_path / "models").is_dir)
        os.killpg(process.pid, signal.SIGINT)
        done = ended(process)
    assert done.code == 130
    assert done.err.strip() == "interrupted"
    assert {path.suffix for path in (tmp_path / "models").iterdir()} <= {".tflite"}
    whole = edged("models", "verify", "--config", config)
    assert whole.code == (0 if any((tmp_path / "models").iterdir()) else 1)
    assert "not a sound" not in whole.out


def test_a_model_of_the_users_own_is_measured(tmp_path: Path, place: Path) -> None:
    config = own_model(tmp_path, (place / "models" / f"{SMALL}.tflite").read_bytes())
    done = edged("measure", "door", "--config", config, "--json")
    assert done.code == 0
    for told in json.loads(done.out)["measurements"]:
        assert (told["model"], told["alpha"], told["precision"]) == ("door", "", "int8")
        assert told["latency_s"]["mean"] > 0
        assert "worker_failed" not in told["reasons"]


def test_a_truncated_model_is_a_rejected_measurement_and_a_failure(tmp_path: Path, place: Path) -> None:
    config = own_model(tmp_path, (place / "models" / f"{SMALL}.tflite").read_bytes()[:-100_000])
    done = edged("measure", "door", "--config", config, "--json")
    assert done.code == 1
    for told in json.loads(done.out)["measurements"]:
        assert (told["verdict"], told["reasons"]) == ("rejected", ["worker_failed"])
        assert (told["latency_s"], told["frames_per_second"], told["rails"]) == (None, None, {})
    assert "worker_failed: bad_model: " in done.err


def test_a_model_that_is_not_there_costs_only_its_own_measurement(tmp_path: Path, place: Path) -> None:
    config = own_model(tmp_path, b"")
    (tmp_path / "door.tflite").unlink()
    (tmp_path / "models").symlink_to(place / "models")
    done = edged("measure", "door", SMALL, "--config", config, "--json")
    assert done.code == 1
    by_model = {told["model"]: told for told in json.loads(done.out)["measurements"]}
    assert by_model["door"]["reasons"] == ["worker_failed"]
    assert by_model[SMALL]["latency_s"]["mean"] > 0


@pytest.mark.parametrize("directory", ["a-file", "/proc/no/such", "/dev/null/models", "a-loop"])
def test_models_that_cannot_be_built_there_are_told_of_with_the_remedy(
    tmp_path: Path, directory: str
) -> None:
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-loop").symlink_to("a-loop")
    config = tmp_path / "edged.toml"
    config.write_text(f'[models]\ndirectory = "{directory}"\n')
    done = edged("measure", SMALL, "--config", config)
    assert done.code == 1
    assert "the models cannot be built" in done.err
    assert "set models.directory in edged.toml" in done.err
