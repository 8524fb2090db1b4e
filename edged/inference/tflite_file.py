"""Writes a `.tflite` file: tensors and operators, as the TensorFlow Lite schema wants them.

A flatbuffer grows from its end: whatever is referred to is written before what refers to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import flatbuffers
import tflite

from edged.inference.quantisation import Quantisation

_SCHEMA_VERSION = 3
_DATA_ALIGNMENT = 16  # as the schema forces it, so that kernels can load weights in place


class ElementType(Enum):
    """What a tensor is made of."""

    FLOAT32 = tflite.TensorType.FLOAT32
    INT8 = tflite.TensorType.INT8
    INT32 = tflite.TensorType.INT32
    UINT8 = tflite.TensorType.UINT8


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor; constant where it has data.

    Attributes:
        name: Its name in the file.
        shape: Its dimensions.
        element: What it is made of.
        data: Its content in little-endian order; empty where the engine computes it.
        quantisation: None where its numbers are real, or mean nothing but themselves.
    """

    name: str
    shape: tuple[int, ...]
    element: ElementType
    data: bytes = b""
    quantisation: Quantisation | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """One step of the computation.

    Attributes:
        code: Its number among `tflite.BuiltinOperator`.
        version: Version of the operator: which types of tensors it must support.
        inputs: Indices of the tensors it reads.
        outputs: Indices of the tensors it writes.
        options_type: Number of its options among `tflite.BuiltinOptions`.
        write_options: Writes its options and gives their position.
    """

    code: int
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options_type: int
    write_options: Callable[[flatbuffers.Builder], int]


def tflite_file(
    tensors: Sequence[Tensor],
    operators: Sequence[Operator],
    inputs: Sequence[int],
    outputs: Sequence[int],
    description: str,
) -> bytes:
    """The file's bytes.

    Args:
        tensors: Each gets a buffer of its own.
        operators: In the order they run.
        inputs: Indices of the tensors that the caller fills.
        outputs: Indices of the tensors that the caller reads.
        description: What the file is, for people.
    """
    builder = flatbuffers.Builder(sum(len(tensor.data) for tensor in tensors) + (1 << 16))
    codes = sorted({(operator.code, operator.version) for operator in operators})
    # Buffer 0 is empty by convention: tensors without data may refer to it.
    buffers = _tables(builder, [_buffer(builder, b""), *(_buffer(builder, t.data) for t in tensors)])
    graph_tensors = _tables(builder, [_tensor(builder, t, index + 1) for index, t in enumerate(tensors)])
    graph_operators = _tables(
        builder, [_operator(builder, o, codes.index((o.code, o.version))) for o in operators]
    )
    graph_inputs, graph_outputs = _int32s(builder, inputs), _int32s(builder, outputs)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, graph_tensors)
    tflite.SubGraphAddInputs(builder, graph_inputs)
    tflite.SubGraphAddOutputs(builder, graph_outputs)
    tflite.SubGraphAddOperators(builder, graph_operators)
    graphs = _tables(builder, [tflite.SubGraphEnd(builder)])
    operator_codes = _tables(builder, [_operator_code(builder, *code) for code in codes])
    text = builder.CreateString(description)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, _SCHEMA_VERSION)
    tflite.ModelAddOperatorCodes(builder, operator_codes)
    tflite.ModelAddSubgraphs(builder, graphs)
    tflite.ModelAddDescription(builder, text)
    tflite.ModelAddBuffers(builder, buffers)
    builder.Finish(tflite.ModelEnd(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _buffer(builder: flatbuffers.Builder, data: bytes) -> int:
    position = None
    if data:
        builder.Prep(_DATA_ALIGNMENT, len(data))
        position = builder.CreateByteVector(data)
    tflite.BufferStart(builder)
    if position is not None:
        tflite.BufferAddData(builder, position)
    return int(tflite.BufferEnd(builder))


def _tensor(builder: flatbuffers.Builder, tensor: Tensor, buffer: int) -> int:
    quantisation = _quantisation(builder, tensor.quantisation) if tensor.quantisation else None
    name = builder.CreateString(tensor.name)
    shape = _int32s(builder, tensor.shape)
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, tensor.element.value)
    tflite.TensorAddBuffer(builder, buffer)
    tflite.TensorAddName(builder, name)
    if quantisation is not None:
        tflite.TensorAddQuantization(builder, quantisation)
    return int(tflite.TensorEnd(builder))


def _quantisation(builder: flatbuffers.Builder, quantisation: Quantisation) -> int:
    scales = _vector(builder, quantisation.scales, 4, builder.PrependFloat32)
    zero_points = _vector(builder, quantisation.zero_points, 8, builder.PrependInt64)
    limits = None
    if quantisation.lowest is not None and quantisation.highest is not None:
        lowest = _vector(builder, [quantisation.lowest], 4, builder.PrependFloat32)
        limits = lowest, _vector(builder, [quantisation.highest], 4, builder.PrependFloat32)
    tflite.QuantizationParametersStart(builder)
    if limits is not None:
        tflite.QuantizationParametersAddMin(builder, limits[0])
        tflite.QuantizationParametersAddMax(builder, limits[1])
    tflite.QuantizationParametersAddScale(builder, scales)
    tflite.QuantizationParametersAddZeroPoint(builder, zero_points)
    tflite.QuantizationParametersAddQuantizedDimension(builder, quantisation.channel_axis)
    return int(tflite.QuantizationParametersEnd(builder))


def _operator(builder: flatbuffers.Builder, operator: Operator, code_index: int) -> int:
    options = operator.write_options(builder)
    inputs, outputs = _int32s(builder, operator.inputs), _int32s(builder, operator.outputs)
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, code_index)
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    tflite.OperatorAddBuiltinOptionsType(builder, operator.options_type)
    tflite.OperatorAddBuiltinOptions(builder, options)
    return int(tflite.OperatorEnd(builder))


def _operator_code(builder: flatbuffers.Builder, code: int, version: int) -> int:
    tflite.OperatorCodeStart(builder)
    # The only field that old engines read; it is a byte, and later operators have placeholder 127 there.
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, min(code, 127))
    tflite.OperatorCodeAddBuiltinCode(builder, code)
    tflite.OperatorCodeAddVersion(builder, version)
    return int(tflite.OperatorCodeEnd(builder))


def _tables(builder: flatbuffers.Builder, positions: Sequence[int]) -> int:
    return _vector(builder, positions, 4, builder.PrependUOffsetTRelative)


def _int32s(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return _vector(builder, values, 4, builder.PrependInt32)


def _vector(
    builder: flatbuffers.Builder, values: Iterable[float], width: int, prepend: Callable[[float], None]
) -> int:
    items = list(values)
    builder.StartVector(width, len(items), width)
    for item in reversed(items):
        prepend(item)
    return int(builder.EndVector())
