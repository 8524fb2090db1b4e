"""What a `.tflite` file says of itself, read with the schema package: the builder's independent witness."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tflite

OPERATORS = {number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)}
TYPES = {number: name for name, number in vars(tflite.TensorType).items() if isinstance(number, int)}
ACTIVATIONS = {
    number: name for name, number in vars(tflite.ActivationFunctionType).items() if isinstance(number, int)
}
PADDINGS = {number: name for name, number in vars(tflite.Padding).items() if isinstance(number, int)}


@dataclass(frozen=True)
class ParsedTensor:
    name: str
    shape: list[int]
    type: str
    data: Any
    scales: list[float]
    zero_points: list[int]
    channel_axis: int


@dataclass(frozen=True)
class ParsedOperator:
    name: str
    version: int
    inputs: list[ParsedTensor]
    output: ParsedTensor
    options: Any


def parse(content: bytes) -> list[ParsedOperator]:
    """The operators of the only graph, in the order they run."""
    model = tflite.Model.GetRootAs(content, 0)
    assert model.SubgraphsLength() == 1
    graph = model.Subgraphs(0)
    tensors = [_tensor(model, graph.Tensors(index)) for index in range(graph.TensorsLength())]
    operators = []
    for index in range(graph.OperatorsLength()):
        operator = graph.Operators(index)
        code = model.OperatorCodes(operator.OpcodeIndex())
        assert code.BuiltinCode() == code.DeprecatedBuiltinCode()
        operators.append(
            ParsedOperator(
                OPERATORS[code.BuiltinCode()],
                code.Version(),
                [tensors[i] for i in operator.InputsAsNumpy()],
                tensors[operator.Outputs(0)],
                _options(operator),
            )
        )
    assert list(graph.InputsAsNumpy()) == [tensors.index(operators[0].inputs[0])]
    assert list(graph.OutputsAsNumpy()) == [tensors.index(operators[-1].output)]
    return operators


def _tensor(model: Any, tensor: Any) -> ParsedTensor:
    quantisation, buffer = tensor.Quantization(), model.Buffers(tensor.Buffer())
    quantised = quantisation is not None and quantisation.ScaleLength() > 0
    return ParsedTensor(
        tensor.Name().decode(),
        [int(size) for size in tensor.ShapeAsNumpy()],
        TYPES[tensor.Type()],
        _data(buffer.DataAsNumpy(), tensor.Type()) if buffer.DataLength() else None,
        [float(scale) for scale in quantisation.ScaleAsNumpy()] if quantised else [],
        [int(zero) for zero in quantisation.ZeroPointAsNumpy()] if quantised else [],
        quantisation.QuantizedDimension() if quantised else 0,
    )


def _data(content: Any, element: int) -> Any:
    kinds = {
        tflite.TensorType.FLOAT32: np.float32,
        tflite.TensorType.INT8: np.int8,
        tflite.TensorType.INT32: np.int32,
        tflite.TensorType.UINT8: np.uint8,
    }
    return content.view(kinds[element])


def _options(operator: Any) -> Any:
    names = {n: name for name, n in vars(tflite.BuiltinOptions).items() if isinstance(n, int)}
    options = getattr(tflite, names[operator.BuiltinOptionsType()])()
    options.Init(operator.BuiltinOptions().Bytes, operator.BuiltinOptions().Pos)
    return options
