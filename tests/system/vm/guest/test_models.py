"""The genuine models on the engine that a board has: tflite-runtime's armv7l wheel."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edged.clock import SystemClock
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded
from edged.inference.processes import ProcessWorkers

MODELS = Path("/opt/models")
CASES = ("mobilenet_v1_0.25_224", "mobilenet_v1_0.25_224_quant")
EGYPTIAN_CAT = 286  # what the published models say of the image (MANIFEST.csv beside them)


@pytest.fixture(params=CASES)
def model(request: pytest.FixtureRequest) -> str:
    path = MODELS / f"{request.param}.tflite"
    if not path.exists():
        pytest.skip("the genuine models are not at hand: there is no ../shared/models/hosted")
    return str(path)


def test_a_worker_runs_the_model_to_its_end(model: str) -> None:
    job = Job(
        model_path=model,
        engine="auto",
        delegate="auto",
        threads=1,
        cpus=(0,),
        warmup_runs=1,
        min_runs=2,
        min_busy_s=0.0,
        pause_s=0.0,
        guard_s=0.0,
        time_limit_s=120.0,
        memory_limit_bytes=512 << 20,
    )
    loaded, *middle = run(job)
    assert isinstance(loaded, Loaded), loaded
    assert (loaded.engine, loaded.engine_version, loaded.delegate) == ("tflite-runtime", "2.14.0", "none")
    *told, finished = middle
    assert isinstance(finished, Finished), finished
    inferences = [each for event in told if isinstance(event, Inferences) for each in event.inferences]
    assert [each.warmup for each in inferences] == [True, False, False]
    print(f"{latency_ms(inferences):.0f} ms an inference, emulated; {finished.peak_memory_bytes >> 20} MiB")


@pytest.mark.parametrize("model", CASES[1:], indirect=True)
def test_a_file_cut_short_is_refused_and_costs_only_its_worker(model: str, tmp_path: Path) -> None:
    cut = tmp_path / "cut.tflite"
    cut.write_bytes(Path(model).read_bytes()[:100_000])
    job = Job(str(cut), "auto", "auto", 1, (0,), 1, 1, 0.0, 0.0, 0.0, 60.0, 512 << 20)
    (failure,) = run(job)
    assert isinstance(failure, Failed)
    assert failure.cause == "bad_model"


def test_the_model_sees_the_cat(model: str, tmp_path: Path) -> None:
    np = pytest.importorskip("numpy")
    from edged.inference.engine import load_engine  # noqa: PLC0415 - numpy first
    from edged.inference.inputs import give_inputs  # noqa: PLC0415

    engine = load_engine("auto", "auto", 1, model)
    pixels = np.frombuffer((MODELS / "resized_cat.bmp").read_bytes()[-224 * 224 * 3 :], np.uint8)
    image = pixels.reshape(1, 224, 224, 3)[:, ::-1, :, ::-1]  # a BMP is upside down, blue first
    if engine.inputs()[0].dtype == "float32":
        image = (image / 127.5 - 1.0).astype(np.float32)
    np.save(tmp_path / "cat.npy", np.ascontiguousarray(image))
    give_inputs(engine, str(tmp_path / "cat.npy"), 0)
    engine.invoke()
    assert int(engine.output().argmax()) == EGYPTIAN_CAT


def run(job: Job) -> list[Event]:
    return list(events(job))


def events(job: Job) -> Iterator[Event]:
    worker = ProcessWorkers(SystemClock()).start(job)
    try:
        while True:
            for event in worker.wait(1.0):
                yield event
                if isinstance(event, Finished | Failed):
                    return
    finally:
        worker.close()


def latency_ms(inferences: list[Inference]) -> float:
    return min(each.latency_s for each in inferences) * 1e3
