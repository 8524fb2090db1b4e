"""The precisions a MobileNet v1 can be written in: how each turns weights and activations into tensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import tflite

from edged.inference import quantisation
from edged.inference.quantisation import Quantisation, uniform
from edged.inference.random_network import INPUT_SCALE, INPUT_ZERO, LOGIT_LIMIT, RELU6_SCALE, Layer
from edged.inference.tflite_file import ElementType, Tensor

_SOFTMAX_SCALE = 1 / 256  # the engine demands it
_Parameters = Callable[[Layer, float], tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class Encoding:
    """One precision.

    Attributes:
        element: What images, activations and results are made of.
        image: Quantisation of the input.
        activations: Of every layer's output after ReLU6.
        logits: Of the classifier's output.
        probabilities: Of the result.
        fused_relu6: Whether ReLU6 is a part of the operator; else the range of `activations` cuts it off.
        versions: Operators that need a later version than 1, by their number.
        parameters: Gives a layer's weights and biases as tensors, under the names of the hosted files;
            takes the layer and the scale of its input.
    """

    element: ElementType
    image: Quantisation | None
    activations: Quantisation | None
    logits: Quantisation | None
    probabilities: Quantisation | None
    fused_relu6: bool
    versions: Mapping[int, int]
    parameters: _Parameters


def _real(layer: Layer, _: float) -> tuple[Tensor, Tensor]:
    weights, biases = layer.weights.astype("<f4"), layer.bias.astype("<f4")
    name, kind = layer.convolution.name, _kind(layer)
    prefix = "depthwise_" if layer.convolution.depthwise else ""
    return (
        Tensor(f"{name}/{prefix}weights", weights.shape, ElementType.FLOAT32, weights.tobytes()),
        Tensor(f"{name}/{kind}_bias", biases.shape, ElementType.FLOAT32, biases.tobytes()),
    )


def _per_tensor(layer: Layer, input_scale: float) -> tuple[Tensor, Tensor]:
    weights, scale = quantisation.weights_per_tensor(layer.weights)
    name = f"{layer.convolution.name}/weights_quant/FakeQuantWithMinMaxVars"
    return (
        Tensor(name, weights.shape, ElementType.UINT8, weights.tobytes(), scale),
        _bias(layer, input_scale, scale),
    )


def _per_channel(layer: Layer, input_scale: float) -> tuple[Tensor, Tensor]:
    axis = 3 if layer.convolution.depthwise else 0
    weights, scales = quantisation.weights_per_channel(layer.weights, axis)
    name = f"{layer.convolution.name}/weights_quant/FakeQuantWithMinMaxVars"
    return (
        Tensor(name, weights.shape, ElementType.INT8, weights.tobytes(), scales),
        _bias(layer, input_scale, scales),
    )


def _bias(layer: Layer, input_scale: float, weights: Quantisation) -> Tensor:
    biases, scales = quantisation.bias(layer.bias, input_scale, weights)
    name = f"{layer.convolution.name}/{_kind(layer)}_Fold_bias"
    return Tensor(name, biases.shape, ElementType.INT32, biases.astype("<i4").tobytes(), scales)


def _kind(layer: Layer) -> str:
    return "depthwise" if layer.convolution.depthwise else "Conv2D"


def _unsigned(scale: float, zero_point: int) -> Quantisation:
    return uniform(scale, zero_point, 0, 255)


def _signed(scale: float, zero_point: int) -> Quantisation:
    return uniform(scale, zero_point - 128, -128, 127)


_LOGIT_SCALE = 2 * LOGIT_LIMIT / 255

ENCODINGS: Mapping[str, Encoding] = MappingProxyType(
    {
        "fp32": Encoding(
            ElementType.FLOAT32,
            image=None,
            activations=None,
            logits=None,
            probabilities=None,
            fused_relu6=True,
            versions={},
            parameters=_real,
        ),
        "int8": Encoding(
            ElementType.UINT8,
            image=_unsigned(INPUT_SCALE, INPUT_ZERO),
            activations=_unsigned(RELU6_SCALE, 0),
            logits=_unsigned(_LOGIT_SCALE, 128),
            probabilities=_unsigned(_SOFTMAX_SCALE, 0),
            fused_relu6=False,
            versions={},
            parameters=_per_tensor,
        ),
        "int8-per-channel": Encoding(
            ElementType.INT8,
            image=_signed(INPUT_SCALE, INPUT_ZERO),
            activations=_signed(RELU6_SCALE, 0),
            logits=_signed(_LOGIT_SCALE, 128),
            probabilities=_signed(_SOFTMAX_SCALE, 0),
            fused_relu6=True,
            versions={
                tflite.BuiltinOperator.CONV_2D: 3,
                tflite.BuiltinOperator.DEPTHWISE_CONV_2D: 3,
                tflite.BuiltinOperator.AVERAGE_POOL_2D: 2,
                tflite.BuiltinOperator.SOFTMAX: 2,
            },
            parameters=_per_channel,
        ),
    }
)


def flattened_shape(shape: tuple[int, ...]) -> Tensor:
    """The constant that tells RESHAPE what to make."""
    content = np.array(shape, dtype="<i4").tobytes()
    return Tensor("MobilenetV1/Logits/SpatialSqueeze_shape", (len(shape),), ElementType.INT32, content)
