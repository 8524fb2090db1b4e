"""A `.tflite` file is refused, with what is wrong with it, before an engine sees it."""

import contextlib
import os
import struct
from functools import cache
from pathlib import Path

import flatbuffers
import pytest
import tflite
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.errors import EdgedError
from edged.inference import file_check, flatbuffer
from edged.inference.build import build_model
from edged.inference.file_check import StoredTensor, check_bytes, check_file
from edged.inference.flatbuffer import BrokenFileError
from edged.inference.tflite_file import ElementType, Operator, Tensor, tflite_file

SOFTMAX = tflite.BuiltinOperator.SOFTMAX


def _softmax_options(builder: flatbuffers.Builder) -> int:
    tflite.SoftmaxOptionsStart(builder)
    tflite.SoftmaxOptionsAddBeta(builder, 1.0)
    return int(tflite.SoftmaxOptionsEnd(builder))


def tiny(
    tensors: list[Tensor] | None = None,
    inputs: tuple[int, ...] = (0,),
    outputs: tuple[int, ...] = (1,),
    code: int = SOFTMAX,
    options: int = tflite.BuiltinOptions.SoftmaxOptions,
) -> bytes:
    """A model of one operator; by default a sound one."""
    if tensors is None:
        tensors = [Tensor("in", (1, 4), ElementType.FLOAT32), Tensor("out", (1, 4), ElementType.FLOAT32)]
    operator = Operator(code, 1, inputs, outputs, options, _softmax_options)
    return tflite_file(tensors, [operator], [0], [1], "tiny")


@cache
def real() -> bytes:
    return build_model("0.25", "int8")


def test_a_built_model_is_sound_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(real())
    model = check_file(path)
    assert model.size_bytes == len(real())
    assert model.inputs == (StoredTensor("input", "UINT8", (1, 224, 224, 3)),)
    assert [(tensor.type, tensor.shape) for tensor in model.outputs] == [("UINT8", (1, 1001))]
    assert model.operators[:2] == ("CONV_2D", "DEPTHWISE_CONV_2D")
    assert model.operators[-4:] == ("AVERAGE_POOL_2D", "CONV_2D", "RESHAPE", "SOFTMAX")
    assert (len(model.operators), model.tensors) == (31, 89)


def test_the_genuine_files_are_sound(shared: Path) -> None:
    files = sorted((shared / "models" / "hosted").glob("*.tflite"))
    assert len(files) == 5
    for path in files:
        assert len(check_file(path).operators) == 31


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.5, 0.99, 0.99999])
def test_a_truncated_model_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(real()[: int(len(real()) * share)])
    with pytest.raises(EdgedError) as refusal:
        check_file(path)
    assert refusal.value.where == str(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"not a model at all", "does not begin as one"),
        (b"\x10\0\0\0TFL3", "outside of the file"),
        (b"\0\0\0\0TFL3" + bytes(64), "outside of the file"),
        (b"\xff\xff\xff\xffTFL3" + bytes(64), "outside of the file"),
        (b"\x0a\0\0\0TFL3" + bytes(64), "not aligned"),
    ],
)
def test_what_only_looks_like_a_model_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(BrokenFileError, match=what):
        check_bytes(content)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (tiny(inputs=(7,)), "an input of operator 0 is number 7 of 2"),
        (tiny(inputs=(-2,)), "an input of operator 0 is number -2 of 2"),
        (tiny(outputs=(-1,)), "an output of operator 0 is number -1 of 2"),
        (tiny(code=211), "has operator 211"),
        (tiny(options=250), "BuiltinOptions of kind 250"),
        (tiny([Tensor("in", (1 << 20, 1 << 20), ElementType.FLOAT32)] * 2), "impossible shape"),
        (tiny([Tensor("in", (-1, 4), ElementType.FLOAT32)] * 2), "impossible shape"),
        (tiny([Tensor("in", (1,) * 17, ElementType.FLOAT32)] * 2), "more than 16 dimensions"),
        (
            tiny([Tensor("in", (1, 4), ElementType.FLOAT32, bytes(15))] * 2),
            "15 bytes where its shape asks for 16",
        ),
        (tiny([Tensor("in", (1, 4), ElementType.FLOAT32)]), "an output of a graph is number 1 of 1"),
    ],
)
def test_a_model_whose_numbers_lead_astray_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(BrokenFileError, match=what):
        check_bytes(content)


def test_an_input_that_is_left_out_is_allowed() -> None:
    assert check_bytes(tiny(inputs=(0, -1))).operators == ("SOFTMAX",)


def test_a_file_that_multiplies_work_is_refused_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand operators, each with ten thousand inputs: the same vector, referred to again and again."""
    builder = flatbuffers.Builder(1 << 20)
    tflite.OperatorStartInputsVector(builder, 10_000)
    for _ in range(10_000):
        builder.PrependInt32(-1)
    shared_inputs = builder.EndVector()
    operators = []
    for _ in range(10_000):
        tflite.OperatorStart(builder)
        tflite.OperatorAddInputs(builder, shared_inputs)
        operators.append(tflite.OperatorEnd(builder))
    tflite.SubGraphStartOperatorsVector(builder, len(operators))
    for operator in operators:
        builder.PrependUOffsetTRelative(operator)
    vector = builder.EndVector()
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddOperators(builder, vector)
    graph = tflite.SubGraphEnd(builder)
    tflite.OperatorCodeStart(builder)
    code = tflite.OperatorCodeEnd(builder)
    tflite.ModelStartSubgraphsVector(builder, 1)
    builder.PrependUOffsetTRelative(graph)
    graphs = builder.EndVector()
    tflite.ModelStartOperatorCodesVector(builder, 1)
    builder.PrependUOffsetTRelative(code)
    codes = builder.EndVector()
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddSubgraphs(builder, graphs)
    tflite.ModelAddOperatorCodes(builder, codes)
    builder.Finish(tflite.ModelEnd(builder), file_identifier=b"TFL3")
    monkeypatch.setattr(flatbuffer, "MAX_STEPS", 40_000)
    with pytest.raises(BrokenFileError, match="more than 40000"):
        check_bytes(bytes(builder.Output()))


def test_a_directory_a_pipe_and_a_missing_file_are_no_models(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, what in (("", "not a file"), ("pipe", "not a file"), ("missing", "cannot be read")):
        with pytest.raises(EdgedError, match=what):
            check_file(tmp_path / name)


def test_an_enormous_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.tflite"
    with path.open("wb") as file:
        file.truncate(file_check.MAX_FILE_BYTES + 1)
    with pytest.raises(EdgedError, match="bytes long"):
        check_file(path)


@given(st.binary(max_size=400))
def test_random_bytes_never_crash_the_check(content: bytes) -> None:
    for data in (content, b"\x08\0\0\0TFL3" + content):
        with pytest.raises(BrokenFileError):
            check_bytes(data)


def _check_quietly(content: bytes) -> None:
    with contextlib.suppress(BrokenFileError):
        assert check_bytes(content).size_bytes == len(content)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_sound_model_with_changed_words_is_accepted_or_refused_but_never_crashes_the_check(
    data: st.DataObject,
) -> None:
    content = bytearray(tiny())
    words = st.sampled_from([0, 1, 3, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF]) | st.integers(
        0, 2**32 - 1
    )
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) // 2 - 2)) * 2
        struct.pack_into("<I", content, position, data.draw(words))
    content[4:8] = b"TFL3"
    _check_quietly(bytes(content))


@given(position=st.integers(8, 4000), byte=st.integers(0, 255), cut=st.integers(0, 2000))
@settings(max_examples=100, deadline=None)
def test_a_real_model_with_a_changed_byte_never_crashes_the_check(position: int, byte: int, cut: int) -> None:
    """The first kilobytes of a built model are its tables; its weights come last."""
    content = bytearray(real()[: len(real()) - cut])
    content[position] = byte
    _check_quietly(bytes(content))
