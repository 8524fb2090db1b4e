"""The models edged knows by name, and how their files say whether the weights are trained."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from edged.errors import EdgedError
from edged.inference import zoo
from edged.inference.zoo import fetched_path, file_facts, mobilenets, published_model, size_bytes


def test_the_papers_eight_models_have_the_names_of_the_hosted_files(tmp_path: Path) -> None:
    models = mobilenets(tmp_path)
    assert [model.name for model in models] == [
        "mobilenet_v1_0.25_224",
        "mobilenet_v1_0.25_224_quant",
        "mobilenet_v1_0.5_224",
        "mobilenet_v1_0.5_224_quant",
        "mobilenet_v1_0.75_224",
        "mobilenet_v1_0.75_224_quant",
        "mobilenet_v1_1.0_224",
        "mobilenet_v1_1.0_224_quant",
    ]
    assert all(model.path == tmp_path / f"{model.name}.tflite" for model in models)
    assert all(model.weights == "random" for model in models)


def test_a_model_has_its_architectures_published_accuracy(tmp_path: Path) -> None:
    accuracy = mobilenets(tmp_path)[7].accuracy
    assert accuracy is not None
    assert (accuracy.top1_ratio, accuracy.top5_ratio, accuracy.source) == (0.700, 0.890, "published")


def test_the_per_channel_models_have_no_published_accuracy(tmp_path: Path) -> None:
    models = mobilenets(tmp_path, ["int8-per-channel"])
    assert models[0].name == "mobilenet_v1_0.25_224_int8"
    assert [model.accuracy for model in models] == [None] * 4


def test_a_fetched_model_is_taken_before_a_built_one_and_its_weights_are_trained(tmp_path: Path) -> None:
    name = "mobilenet_v1_0.5_224_quant"
    for path in (zoo.built_path(tmp_path, name), fetched_path(tmp_path, name)):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"content")
    model = next(model for model in mobilenets(tmp_path) if model.name == name)
    assert (model.path, model.weights) == (fetched_path(tmp_path, name), "trained")
    assert sum(model.weights == "trained" for model in mobilenets(tmp_path)) == 1


def test_a_file_is_identified_by_size_and_checksum(tmp_path: Path) -> None:
    content = b"edged" * 500_000
    (tmp_path / "file").write_bytes(content)
    facts = file_facts(tmp_path / "file")
    assert (facts.size_bytes, facts.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="cannot be read") as failure:
        file_facts(tmp_path / "missing")
    assert failure.value.where == str(tmp_path / "missing")


def test_a_model_takes_its_file_or_else_what_is_published_of_the_papers_own(tmp_path: Path) -> None:
    small = mobilenets(tmp_path)[0]
    assert size_bytes(small, 5) == 5
    assert size_bytes(small, 0) == 0
    assert size_bytes(small, None) == 1_882_904


def test_nothing_is_published_of_a_model_that_only_looks_like_the_papers(tmp_path: Path) -> None:
    small = mobilenets(tmp_path)[0]
    (per_channel, *_) = mobilenets(tmp_path, ["int8-per-channel"])
    for other in (replace(small, name="door"), replace(small, alpha=""), per_channel):
        assert published_model(other) is None
        assert size_bytes(other, None) is None
