"""Puts a MobileNet v1 together as the tensors and operators of a `.tflite` file."""

from collections.abc import Callable, Sequence

import flatbuffers
import tflite
from tflite import ActivationFunctionType, BuiltinOperator, BuiltinOptions, Padding

from edged.inference.encoding import Encoding, flattened_shape
from edged.inference.mobilenet_v1 import CLASSES, IMAGE_SIZE, POOL_STRIDE, Convolution
from edged.inference.quantisation import Quantisation
from edged.inference.random_network import INPUT_SCALE, RELU6_SCALE, Layer
from edged.inference.tflite_file import Operator, Tensor, tflite_file

_DESCRIPTION = "MobileNet v1 with random weights, built by edged"
_Options = Callable[[flatbuffers.Builder], int]


def mobilenet_v1_file(layers: Sequence[Layer], encoding: Encoding) -> bytes:
    """The bytes of the `.tflite` file that runs `layers` in the precision of `encoding`."""
    graph = _Graph(encoding)
    image = now = graph.activation("input", (1, IMAGE_SIZE, IMAGE_SIZE, 3), encoding.image)
    scale = INPUT_SCALE
    for layer in layers:
        if layer.convolution.is_classifier:
            now = graph.average_pool(now, layer.convolution)
        now = graph.convolution(now, layer, scale)
        scale = RELU6_SCALE
    now = graph.flatten(now)
    result = graph.softmax(now)
    return tflite_file(graph.tensors, graph.operators, [image], [result], _DESCRIPTION)


class _Graph:
    """Tensors and operators as they come; each method adds an operator and gives its output's index."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.tensors: list[Tensor] = []
        self.operators: list[Operator] = []

    def activation(self, name: str, shape: tuple[int, ...], quantisation: Quantisation | None) -> int:
        return self._add(Tensor(name, shape, self.encoding.element, b"", quantisation))

    def convolution(self, source: int, layer: Layer, input_scale: float) -> int:
        part = layer.convolution
        weights, bias = self.encoding.parameters(layer, input_scale)
        quantisation = self.encoding.logits if part.is_classifier else self.encoding.activations
        relu6 = self.encoding.fused_relu6 and not part.is_classifier
        inputs = (source, self._add(weights), self._add(bias))
        ending = "BiasAdd" if part.is_classifier else "Relu6"
        output = self.activation(f"{part.name}/{ending}", part.output, quantisation)
        if part.depthwise:
            code, kind = BuiltinOperator.DEPTHWISE_CONV_2D, BuiltinOptions.DepthwiseConv2DOptions
            return self._operate(code, inputs, output, kind, _depthwise_options(part, relu6))
        code, kind = BuiltinOperator.CONV_2D, BuiltinOptions.Conv2DOptions
        return self._operate(code, inputs, output, kind, _convolution_options(part, relu6))

    def average_pool(self, source: int, following: Convolution) -> int:
        output = self.activation(
            "MobilenetV1/Logits/AvgPool_1a/AvgPool", following.input, self.encoding.activations
        )
        window = self.tensors[source].shape[1]
        code, kind = BuiltinOperator.AVERAGE_POOL_2D, BuiltinOptions.Pool2DOptions
        return self._operate(code, (source,), output, kind, _pool_options(window))

    def flatten(self, source: int) -> int:
        """SQUEEZE in the files of real numbers, RESHAPE in the quantised ones, as hosted."""
        shape = (1, CLASSES)
        output = self.activation("MobilenetV1/Logits/SpatialSqueeze", shape, self.encoding.logits)
        if self.encoding.logits is None:
            code, kind = BuiltinOperator.SQUEEZE, BuiltinOptions.SqueezeOptions
            return self._operate(code, (source,), output, kind, _squeeze_options)
        inputs = (source, self._add(flattened_shape(shape)))
        code, kind = BuiltinOperator.RESHAPE, BuiltinOptions.ReshapeOptions
        return self._operate(code, inputs, output, kind, _reshape_options(shape))

    def softmax(self, source: int) -> int:
        output = self.activation(
            "MobilenetV1/Predictions/Reshape_1", (1, CLASSES), self.encoding.probabilities
        )
        code, kind = BuiltinOperator.SOFTMAX, BuiltinOptions.SoftmaxOptions
        return self._operate(code, (source,), output, kind, _softmax_options)

    def _add(self, tensor: Tensor) -> int:
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def _operate(self, code: int, inputs: tuple[int, ...], output: int, kind: int, options: _Options) -> int:
        version = self.encoding.versions.get(code, 1)
        self.operators.append(Operator(code, version, inputs, (output,), kind, options))
        return output


def _fused(relu6: bool) -> int:
    return int(ActivationFunctionType.RELU6 if relu6 else ActivationFunctionType.NONE)


def _convolution_options(part: Convolution, relu6: bool) -> _Options:
    def write(builder: flatbuffers.Builder) -> int:
        tflite.Conv2DOptionsStart(builder)
        tflite.Conv2DOptionsAddPadding(builder, Padding.SAME)
        tflite.Conv2DOptionsAddStrideW(builder, part.stride)
        tflite.Conv2DOptionsAddStrideH(builder, part.stride)
        tflite.Conv2DOptionsAddFusedActivationFunction(builder, _fused(relu6))
        return int(tflite.Conv2DOptionsEnd(builder))

    return write


def _depthwise_options(part: Convolution, relu6: bool) -> _Options:
    def write(builder: flatbuffers.Builder) -> int:
        tflite.DepthwiseConv2DOptionsStart(builder)
        tflite.DepthwiseConv2DOptionsAddPadding(builder, Padding.SAME)
        tflite.DepthwiseConv2DOptionsAddStrideW(builder, part.stride)
        tflite.DepthwiseConv2DOptionsAddStrideH(builder, part.stride)
        tflite.DepthwiseConv2DOptionsAddDepthMultiplier(builder, 1)
        tflite.DepthwiseConv2DOptionsAddFusedActivationFunction(builder, _fused(relu6))
        return int(tflite.DepthwiseConv2DOptionsEnd(builder))

    return write


def _pool_options(window: int) -> _Options:
    def write(builder: flatbuffers.Builder) -> int:
        tflite.Pool2DOptionsStart(builder)
        tflite.Pool2DOptionsAddPadding(builder, Padding.VALID)
        tflite.Pool2DOptionsAddStrideW(builder, POOL_STRIDE)
        tflite.Pool2DOptionsAddStrideH(builder, POOL_STRIDE)
        tflite.Pool2DOptionsAddFilterWidth(builder, window)
        tflite.Pool2DOptionsAddFilterHeight(builder, window)
        return int(tflite.Pool2DOptionsEnd(builder))

    return write


def _squeeze_options(builder: flatbuffers.Builder) -> int:
    tflite.SqueezeOptionsStartSqueezeDimsVector(builder, 2)
    for axis in (2, 1):
        builder.PrependInt32(axis)
    axes = builder.EndVector()
    tflite.SqueezeOptionsStart(builder)
    tflite.SqueezeOptionsAddSqueezeDims(builder, axes)
    return int(tflite.SqueezeOptionsEnd(builder))


def _reshape_options(shape: tuple[int, ...]) -> _Options:
    def write(builder: flatbuffers.Builder) -> int:
        tflite.ReshapeOptionsStartNewShapeVector(builder, len(shape))
        for size in reversed(shape):
            builder.PrependInt32(size)
        new_shape = builder.EndVector()
        tflite.ReshapeOptionsStart(builder)
        tflite.ReshapeOptionsAddNewShape(builder, new_shape)
        return int(tflite.ReshapeOptionsEnd(builder))

    return write


def _softmax_options(builder: flatbuffers.Builder) -> int:
    tflite.SoftmaxOptionsStart(builder)
    tflite.SoftmaxOptionsAddBeta(builder, 1.0)
    return int(tflite.SoftmaxOptionsEnd(builder))
