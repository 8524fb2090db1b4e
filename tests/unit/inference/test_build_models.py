"""The models edged builds have the structure, the sizes and the liveliness of the hosted ones."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edged import paper
from edged.errors import EdgedError, UsageError
from edged.inference import build, zoo
from edged.inference.build import Built, build_all, build_model
from edged.inference.mobilenet_v1 import convolutions
from tests.unit.inference.parsed_model import ACTIVATIONS, PADDINGS, ParsedOperator, parse

HOSTED = [(alpha, precision) for alpha in paper.ALPHAS for precision in zoo.HOSTED_PRECISIONS]
CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")


@cache
def built(alpha: str, precision: str) -> bytes:
    return build_model(alpha, precision)


@cache
def parsed(alpha: str, precision: str) -> list[ParsedOperator]:
    return parse(built(alpha, precision))


@pytest.fixture(scope="session")
def structure(shared: Path) -> dict[str, Any]:
    models = json.loads((shared / "models" / "structure.json").read_text())["models"]
    return {model["model"]: model for model in models}


def _as_in_structure(index: int, operator: ParsedOperator) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "index": index,
        "op": operator.name,
        "input": operator.inputs[0].shape,
        "output": operator.output.shape,
        "dtype": operator.inputs[0].type,
    }
    if operator.name in CONVOLUTIONS:
        _, weights, bias = operator.inputs
        positions = operator.output.shape[1] * operator.output.shape[2]
        count = int(np.prod(weights.shape))
        facts |= {
            "filter": weights.shape,
            "bias": bias.shape,
            "filter_dtype": weights.type,
            "bias_dtype": bias.type,
            "macs": positions * count,
            "params": count + bias.shape[0],
        }
        if weights.scales:
            facts["filter_scales"] = len(weights.scales)
    if operator.name in (*CONVOLUTIONS, "AVERAGE_POOL_2D"):
        options = operator.options
        facts["stride"] = [options.StrideH(), options.StrideW()]
        facts["padding"] = PADDINGS[options.Padding()]
        facts["fused_activation"] = ACTIVATIONS[options.FusedActivationFunction()]
    if operator.name == "DEPTHWISE_CONV_2D":
        facts["depth_multiplier"] = operator.options.DepthMultiplier()
    if operator.name == "AVERAGE_POOL_2D":
        facts["filter"] = [operator.options.FilterHeight(), operator.options.FilterWidth()]
    if operator.name == "SOFTMAX":
        facts["beta"] = operator.options.Beta()
    return facts


@pytest.mark.parametrize(("alpha", "precision"), HOSTED)
def test_a_built_model_has_every_operator_of_the_hosted_one(
    structure: dict[str, Any], alpha: str, precision: str
) -> None:
    expected = structure[zoo.mobilenet_name(alpha, precision)]
    operators = [_as_in_structure(index, op) for index, op in enumerate(parsed(alpha, precision))]
    assert operators == expected["ops"]
    assert sum(op.get("macs", 0) for op in operators) == expected["macs"]
    assert sum(op.get("params", 0) for op in operators) == expected["params"]


@pytest.mark.parametrize(("alpha", "precision"), HOSTED)
def test_a_built_file_is_as_large_as_the_hosted_one_to_half_a_kilobyte(alpha: str, precision: str) -> None:
    published = paper.published_model(alpha, precision)
    assert published is not None
    assert len(built(alpha, precision)) == pytest.approx(published.file_bytes, abs=512)


@pytest.mark.parametrize("alpha", paper.ALPHAS)
def test_the_structure_counts_its_own_cost(structure: dict[str, Any], alpha: str) -> None:
    expected = structure[zoo.mobilenet_name(alpha, "fp32")]
    layers = convolutions(alpha)
    assert sum(layer.weights for layer in layers) == expected["weights"]
    assert sum(layer.biases for layer in layers) == expected["biases"]
    assert sum(layer.macs for layer in layers) == expected["macs"]


def test_int8_is_quantised_as_the_hosted_files_are(structure: dict[str, Any]) -> None:
    """uint8, one scale for each tensor, ReLU6 in the output's range, bias scale = product, RESHAPE."""
    assert "zero point 0" in structure["mobilenet_v1_0.25_224_quant"]["quantization"]["bias"]
    operators = parsed("0.25", "int8")
    assert (operators[0].inputs[0].scales, operators[0].inputs[0].zero_points) == ([1 / 128], [128])
    for operator in operators[:27]:
        source, weights, bias = operator.inputs
        assert (weights.type, bias.type) == ("UINT8", "INT32")
        assert len(weights.scales) == len(bias.scales) == 1
        assert bias.scales[0] == pytest.approx(source.scales[0] * weights.scales[0], rel=1e-6)
        assert bias.zero_points == [0]
        assert weights.data.min() >= 1
        assert operator.output.scales == [pytest.approx(0.0235285, abs=1e-7)]
        assert operator.output.zero_points == [0]
    assert (operators[30].output.scales, operators[30].output.zero_points) == ([1 / 256], [0])


def test_int8_per_channel_has_a_scale_for_each_output_channel() -> None:
    operators = parsed("0.25", "int8-per-channel")
    for operator in operators:
        if operator.name not in CONVOLUTIONS:
            continue
        source, weights, bias = operator.inputs
        assert (source.type, weights.type, operator.output.type) == ("INT8", "INT8", "INT8")
        assert weights.channel_axis == (3 if operator.name == "DEPTHWISE_CONV_2D" else 0)
        assert len(weights.scales) == len(bias.scales) == operator.output.shape[3]
        assert set(weights.zero_points) == {0}
        assert weights.data.min() >= -127
        products = source.scales[0] * np.array(weights.scales)
        assert np.allclose(bias.scales, products, rtol=1e-6)


def test_quantised_weights_mean_the_same_as_the_real_ones() -> None:
    real = [op.inputs[1] for op in parsed("0.25", "fp32") if op.name in CONVOLUTIONS]
    whole = [op.inputs[1] for op in parsed("0.25", "int8") if op.name in CONVOLUTIONS]
    for exact, rounded in zip(real, whole, strict=True):
        meant = (rounded.data.astype(float) - rounded.zero_points[0]) * rounded.scales[0]
        # Half a step, or a whole one at the ends, where the zero point had to be rounded.
        assert np.abs(meant - exact.data).max() <= rounded.scales[0] * 1.001


@pytest.mark.parametrize(
    ("precision", "sha256"),
    [
        ("fp32", "cb22f4eca3b85462e9bdeb40cad7bded23cf5b0456de26064b1ed7a1fb8cf199"),
        ("int8", "13bc254b5fc3ecda21e4df85cffdae092a9114eb36827df076401a466523a2e0"),
        ("int8-per-channel", "a8950f3ad4674770ae750f314c6829c0765aff0683717b10345737ac230a1814"),
    ],
)
def test_a_built_model_has_the_same_bytes_on_every_machine(precision: str, sha256: str) -> None:
    assert hashlib.sha256(built("0.25", precision)).hexdigest() == sha256


def test_another_seed_gives_other_weights_of_the_same_structure() -> None:
    other = build_model("0.25", "fp32", seed=1)
    assert other != built("0.25", "fp32")
    assert len(other) == len(built("0.25", "fp32"))


def test_no_weight_is_so_small_that_a_cpu_would_slow_down() -> None:
    for operator in parsed("0.25", "fp32"):
        for tensor in operator.inputs[1:]:
            sizes = np.abs(tensor.data[tensor.data != 0])
            assert sizes.min() > 1e-30


@pytest.mark.parametrize(
    ("alpha", "precision", "known"), [("0.3", "fp32", "0.25, 0.5, 0.75, 1.0"), ("1.0", "int4", "fp32, int8")]
)
def test_an_unknown_model_is_refused_with_the_known_ones(alpha: str, precision: str, known: str) -> None:
    with pytest.raises(UsageError, match="there is no") as refusal:
        build_model(alpha, precision)
    assert known in refusal.value.remedy


def test_building_leaves_right_files_alone_and_replaces_wrong_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "ALPHAS", ("0.25",))
    steps: list[Built] = []
    paths = build_all(tmp_path / "new", progress=steps.append)
    assert [path.name for path in paths] == [
        "mobilenet_v1_0.25_224.tflite",
        "mobilenet_v1_0.25_224_quant.tflite",
    ]
    assert [(step.is_new, step.done, step.total) for step in steps] == [(True, 1, 2), (True, 2, 2)]
    paths[0].write_bytes(b"\0" * paths[0].stat().st_size)
    steps.clear()
    assert build_all(tmp_path / "new", progress=steps.append) == paths
    assert [step.is_new for step in steps] == [True, False]
    assert paths[0].read_bytes() == built("0.25", "fp32")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {path.name for path in paths}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "ALPHAS", ("0.25",))
    (tmp_path / "models").write_text("a file, not a directory")
    with pytest.raises(EdgedError, match="cannot be written") as failure:
        build.build_all(tmp_path / "models")
    assert "models" in failure.value.where
