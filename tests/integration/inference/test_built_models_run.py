"""Built models run in a real engine, stay alive in every layer, and answer different images differently."""

from functools import cache
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
import tflite

from edged.errors import EdgedError
from edged.inference.build import build_model
from edged.inference.classify import classify, read_labels
from edged.inference.engine import load_engine
from edged.inference.file_check import check_file
from edged.inference.inputs import random_tensor
from edged.inference.tflite_file import ElementType, Operator, Tensor, tflite_file
from edged.inference.zoo import PRECISIONS


@pytest.fixture(scope="module", params=PRECISIONS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / f"{request.param}.tflite"
    path.write_bytes(build_model("0.25", request.param))
    return path


def _outputs(model: Path, images: list[Any]) -> list[Any]:
    engine = load_engine("auto", "none", 1, str(model))
    outputs = []
    for image in images:
        engine.set_input(image)
        engine.invoke()
        outputs.append(engine.output().ravel())
    return outputs


def _images(model: Path) -> list[Any]:
    facts = load_engine("auto", "none", 1, str(model)).inputs()[0]
    noise = random_tensor(facts, np.random.default_rng(1))
    steps = noise.copy()
    steps[:, :112] = noise[:, 112:113]
    return [noise, np.zeros_like(noise), steps]


def test_a_built_model_answers_different_images_differently(model: Path) -> None:
    outputs = _outputs(model, _images(model))
    for output in outputs:
        assert output.shape == (1001,)
        assert output.sum() == pytest.approx(1.0, abs=0.25)  # a quantised softmax rounds most classes to 0
        assert np.unique(output).size > 5
    assert not np.array_equal(outputs[0], outputs[1])
    assert not np.array_equal(outputs[0], outputs[2])


def test_no_layer_of_a_built_model_dies_saturates_or_meets_denormal_numbers(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(build_model("0.25", "fp32"))
    image = _images(path)[0]
    interpreter = _preserving_interpreter(path)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    layers = [detail for detail in interpreter.get_tensor_details() if detail["name"].endswith("Relu6")]
    assert len(layers) == 27
    for detail in layers:
        activations = interpreter.get_tensor(detail["index"])
        assert 0.1 < (activations == 0).mean() < 0.6, detail["name"]
        assert (activations >= 6).mean() < 0.1, detail["name"]
        assert activations[activations > 0].min() > 1e-30, detail["name"]
        # Nine of ten channels say different things at different places, except where there is one place.
        assert (activations.max(axis=(0, 1, 2)) > 0).mean() > 0.8, detail["name"]


def _preserving_interpreter(path: Path) -> Any:
    module = pytest.importorskip("ai_edge_litert.interpreter")
    interpreter = module.Interpreter(
        str(path),
        num_threads=1,
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    interpreter.allocate_tensors()
    return interpreter


@cache
def _labels(shared: Path) -> list[str]:
    return read_labels(shared / "models" / "hosted" / "labels_mobilenet_quant_v1_224.txt")


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("mobilenet_v1_0.25_224", [286, 282, 283, 238, 254]),
        ("mobilenet_v1_0.25_224_quant", None),
        ("mobilenet_v1_0.5_224_quant", None),
        ("mobilenet_v1_0.75_224_quant", None),
        ("mobilenet_v1_1.0_224_quant_reassembled", None),
    ],
)
def test_the_genuine_models_see_the_egyptian_cat(shared: Path, name: str, exact: list[int] | None) -> None:
    hosted = shared / "models" / "hosted"
    found = classify(hosted / f"{name}.tflite", hosted / "resized_cat.bmp", _labels(shared))
    assert (found.guesses[0].index, found.guesses[0].label) == (286, "Egyptian cat")
    assert found.guesses[0].score > 0.4
    # Engines round quantised numbers in different ways, so only real ones agree in all five.
    if exact is not None:
        assert [guess.index for guess in found.guesses] == exact
    assert {guess.index for guess in found.guesses} >= {282, 283}


def test_a_larger_image_is_scaled_as_the_references_were(shared: Path) -> None:
    hosted = shared / "models" / "hosted"
    found = classify(hosted / "mobilenet_v1_0.25_224.tflite", hosted / "grace_hopper.bmp", _labels(shared))
    assert [guess.index for guess in found.guesses] == [835, 653, 458, 982, 907]
    assert found.guesses[0].score == pytest.approx(0.234, abs=0.002)


def test_a_model_that_takes_too_long_is_ended(model: Path) -> None:
    with pytest.raises(EdgedError, match=r"had not finished after 0.01 s") as failure:
        classify(model, time_limit_s=0.01)
    assert failure.value.where == str(model)


def test_a_model_that_the_engine_refuses_is_told_without_harm(tmp_path: Path) -> None:
    """Sound as a file, but a convolution of 5 channels with filters for 4 is nonsense."""
    path = tmp_path / "nonsense.tflite"
    path.write_bytes(_nonsense())
    check_file(path)
    with pytest.raises(EdgedError, match="the engine") as failure:
        classify(path)
    assert failure.value.where == str(path)


def _nonsense() -> bytes:
    tensors = [
        Tensor("image", (1, 8, 8, 5), ElementType.FLOAT32),
        Tensor("filter", (2, 1, 1, 4), ElementType.FLOAT32, bytes(32)),
        Tensor("bias", (2,), ElementType.FLOAT32, bytes(8)),
        Tensor("out", (1, 8, 8, 2), ElementType.FLOAT32),
    ]
    code, kind = tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOptions.Conv2DOptions
    return tflite_file(tensors, [Operator(code, 1, (0, 1, 2), (3,), kind, _options)], [0], [3], "")


def _options(builder: flatbuffers.Builder) -> int:
    tflite.Conv2DOptionsStart(builder)
    tflite.Conv2DOptionsAddStrideW(builder, 1)
    tflite.Conv2DOptionsAddStrideH(builder, 1)
    return int(tflite.Conv2DOptionsEnd(builder))
