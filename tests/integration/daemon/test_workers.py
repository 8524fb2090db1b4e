"""Workers and model files that fail under the whole daemon: a rejection in words, and the rest goes on."""

import hashlib
import os
import signal
from collections.abc import Iterator
from operator import gt

import flatbuffers
import pytest
import tflite

from edged.inference.build import build_model
from edged.inference.tflite_file import ElementType, Operator, Tensor, tflite_file
from tests.integration.daemon.living import Living, configure, living

LIMIT_S = 6
LINES = f"""
time_limit_s = {LIMIT_S}
memory_limit_mib = 512

[protocols.brief]
warmup_runs = 1
min_runs = 8
pause_s = 0.05
guard_s = 0.2
"""


def greedy() -> bytes:
    """A sound model of a few bytes that computes on half a gibibyte."""
    shape = (1, 1 << 14, 1 << 12)
    tensors = [Tensor("in", shape, ElementType.FLOAT32), Tensor("out", shape, ElementType.FLOAT32)]

    def options(builder: flatbuffers.Builder) -> int:
        tflite.AbsOptionsStart(builder)
        return int(tflite.AbsOptionsEnd(builder))

    code, kind = tflite.BuiltinOperator.ABS, tflite.BuiltinOptions.AbsOptions
    return tflite_file(tensors, [Operator(code, 1, (0,), (1,), kind, options)], [0], [1], "")


@pytest.fixture(scope="module")
def sound() -> bytes:
    return build_model("0.25", "int8")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory, sound: bytes) -> Iterator[Living]:
    """One that measures two sound models, and two that cannot be measured."""
    models = {"door": sound, "window": sound, "broken": sound[:-100_000], "greedy": greedy()}
    config = configure(tmp_path_factory.mktemp("daemon"), LINES, models)
    with living(config, *models) as found:
        yield found


def counted(daemon: Living) -> tuple[float, float]:
    """Failures of the door, and of all workers, of which there are more."""
    rejected = daemon.sum_of("edged_measurements_rejected_total", model="door", reason="worker_failed")
    return rejected, daemon.sum_of("edged_worker_restarts_total")


def wait_until_counted(daemon: Living, before: tuple[float, float]) -> None:
    daemon.wait_for(lambda: all(map(gt, counted(daemon), before)))


def replace(daemon: Living, model: str, content: bytes) -> None:
    new = daemon.directory / "new"
    new.write_bytes(content)
    new.rename(daemon.directory / f"{model}.tflite")


def test_a_worker_that_crashes_costs_its_own_measurement_and_is_counted(daemon: Living) -> None:
    before = counted(daemon)
    daemon.harm("door", signal.SIGSEGV, "worker_failed: crashed: it ended with signal SIGSEGV")
    wait_until_counted(daemon, before)
    daemon.measures("window")


def test_a_worker_that_hangs_is_ended_at_the_time_limit(daemon: Living) -> None:
    before = counted(daemon)
    daemon.harm("door", signal.SIGSTOP, f"worker_failed: timed_out: it had not finished after {LIMIT_S} s")
    wait_until_counted(daemon, before)
    daemon.measures("window")


def test_a_model_that_needs_more_memory_than_it_may_have_is_told_the_limit(daemon: Living) -> None:
    daemon.wait_for(lambda: "worker_failed: out_of_memory: it needs more than 512 MiB" in daemon.said)
    daemon.measures("window")
    assert daemon.sum_of("edged_inferences_total", model="greedy") == 0


def test_a_truncated_model_is_refused_in_words(daemon: Living) -> None:
    said = "broken.tflite: is not a sound TensorFlow Lite model: "
    daemon.wait_for(lambda: f"worker_failed: bad_model: {daemon.directory}/{said}" in daemon.said)
    daemon.measures("window")


def test_a_model_that_is_deleted_is_rejected_until_there_is_one_again_and_the_metrics_follow(
    daemon: Living, sound: bytes
) -> None:
    def shown() -> set[str]:
        return {seen["sha256"] for seen, _ in daemon.series("edged_model_info") if seen["model"] == "door"}

    other = sound + bytes(16)  # what follows a model's tables means nothing
    daemon.wait_for(lambda: daemon.worker_on("door") is not None)
    (daemon.directory / "door.tflite").unlink()
    missing = "worker_failed: bad_model: " + str(daemon.directory / "door.tflite") + ": cannot be read"
    daemon.wait_for(lambda: missing in daemon.said)
    daemon.wait_for(lambda: hashlib.sha256(sound).hexdigest() not in shown())
    replace(daemon, "door", other)
    daemon.wait_for(lambda: hashlib.sha256(other).hexdigest() in shown())
    daemon.measures("door")


def test_a_model_that_is_overwritten_with_rubbish_under_a_worker_harms_nobody_else(
    daemon: Living, sound: bytes
) -> None:
    daemon.wait_for(lambda: daemon.worker_on("door") is not None)
    # In place, so that the worker that has it mapped feels it: it may crash, or get through.
    with (daemon.directory / "door.tflite").open("r+b") as file:
        os.ftruncate(file.fileno(), 0)
        file.write(b"rubbish" * 10)
    why = "door.tflite: is not a sound TensorFlow Lite model: it does not begin as one"
    daemon.wait_for(lambda: f"worker_failed: bad_model: {daemon.directory}/{why}" in daemon.said)
    replace(daemon, "door", sound)
    daemon.measures("door")


def test_nothing_that_was_said_is_a_traceback(daemon: Living) -> None:
    assert "Traceback" not in daemon.said
    assert daemon.ready()
