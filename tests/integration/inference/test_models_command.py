"""`edged models` as a person uses it: real processes, exit codes, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edged.inference.build import build_model
from tests.integration.inference.archive_server import Behaviour, serving


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "no_proxy": "127.0.0.1", "COLUMNS": "120"}
    command = [sys.executable, "-m", "edged", "models", *(str(word) for word in words)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The eight models, built by the command itself."""
    directory = tmp_path_factory.mktemp("models")
    done = run("build", "--directory", directory)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 8
    assert lines[7].split() == ["8/8", "mobilenet_v1_1.0_224_quant", "4276128", "bytes", "built"]
    return directory


def test_building_again_changes_nothing(directory: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in directory.iterdir()}
    done = run("build", "--directory", directory)
    assert done.stdout.count("there already") == 8
    assert {path: path.stat().st_mtime_ns for path in directory.iterdir()} == before


def test_the_list_says_what_is_there_and_what_is_not(directory: Path) -> None:
    lines = run("list", "--directory", directory).stdout.splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in lines if "mobilenet" in line}
    assert len(cells) == 12
    assert cells["mobilenet_v1_0.5_224_quant"] == ["0.5", "int8", "1364288", "61.2%", "random", "built"]
    assert cells["mobilenet_v1_0.5_224_int8"] == ["0.5", "int8-per-channel", "-", "-", "random", "missing"]


def test_built_models_are_sound_and_run(directory: Path) -> None:
    done = run("verify", "mobilenet_v1_0.25_224*", "--directory", directory)
    # The per-channel model was not built, and was asked for by the pattern.
    assert done.returncode == 1
    assert done.stdout.count("sound, 31 operators") == 2
    assert "mobilenet_v1_0.25_224_int8: cannot be read: No such file" in done.stdout


def test_a_broken_model_is_told_and_the_others_are_still_verified(tmp_path: Path) -> None:
    whole = build_model("0.25", "int8")
    (tmp_path / "torn.tflite").write_bytes(whole[:-100_000])
    (tmp_path / "whole.tflite").write_bytes(whole)
    done = run("verify", tmp_path / "torn.tflite", tmp_path / "whole.tflite")
    assert done.returncode == 1
    assert "torn.tflite: is not a sound TensorFlow Lite model" in done.stdout
    assert "whole.tflite: sound" in done.stdout


def test_nothing_to_verify_is_said(tmp_path: Path) -> None:
    done = run("verify", "--directory", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "there are no models" in done.stderr
    assert "edged models build" in done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("verify", "nosuch"), "there is no model 'nosuch'"),
        (("fetch", "mobilenet_v1_0.25_224_int8"), "known: mobilenet_v1_0.25_224, "),
        (("build", "--precision", "int4"), "int8-per-channel"),
        (("build", "--seed", "-1"), "--seed"),
        (("verify", "--image", "nosuch.bmp"), "nosuch.bmp"),
        (("fetch", "--base-url", "file:///"), "is not an http or https address"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_what_can(
    tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    done = run(*words, "--directory", tmp_path)
    assert done.returncode == 2
    assert what in done.stderr


def test_a_wrong_checksum_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with serving(Behaviour(b"not what was published")) as url:
        done = run("fetch", "mobilenet_v1_0.25_224", "--directory", tmp_path, "--base-url", url)
    assert done.returncode == 1
    assert "has the checksum" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_genuine_model_sees_the_egyptian_cat(shared: Path) -> None:
    hosted = shared / "models" / "hosted"
    labels = hosted / "labels_mobilenet_quant_v1_224.txt"
    model = hosted / "mobilenet_v1_0.25_224.tflite"
    done = run("verify", model, "--image", hosted / "resized_cat.bmp", "--labels", labels)
    assert done.returncode == 0
    assert [line.split(maxsplit=2) for line in done.stdout.splitlines()[1:]] == [
        ["0.504", "286", "Egyptian cat"],
        ["0.201", "282", "tabby"],
        ["0.116", "283", "tiger cat"],
        ["0.047", "238", "miniature pinscher"],
        ["0.036", "254", "basenji"],
    ]
