"""Random weights for MobileNet v1 that keep every layer alive, the same bits on every machine.

Plain random weights make a network of 28 layers say the same for every image, or saturate. So the
weights are normalised layer by layer, as batch normalisation does in training: a few random pictures
run through the network, and each channel's weights and bias are scaled so that its outputs spread
over the range of ReLU6.

The bits must not depend on the machine, so nothing here may round differently from one to the next:

* randomness is PCG64's raw output, whose stream numpy promises to keep;
* pictures, weights and activations are whole numbers in float64, and every sum of products stays far
  below 2**53: it is exact in whatever order, with whatever instructions the BLAS takes it;
* all other steps are single additions, multiplications, divisions and roundings of IEEE 754.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edged.inference.mobilenet_v1 import Convolution, convolutions

# As the hosted INT8 files have it: pixels -1 .. 0.992 and activations 0 .. 6 in 256 steps.
INPUT_SCALE = 1 / 128
INPUT_ZERO = 128
RELU6_SCALE = 5.9997616 / 255

_PICTURES = 4
_PICTURE_SIZE = 64
_BLOCK_SIZE = 8
# Where outputs lie before ReLU6: about a third below 0 and hardly any above 6, as in the hosted files.
_CENTRE = 1.0
_SPREAD = 1.6
# Mean deviation of the logits: far enough apart that the softmax prefers some classes clearly.
_LOGIT_SPREAD = 2.4
# Logits lie within this of 0: five mean deviations.
LOGIT_LIMIT = 12.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution with its weights.

    Attributes:
        convolution: Its place in the network.
        weights: In the convolution's `filter_shape`.
        bias: One for each output channel.
    """

    convolution: Convolution
    weights: Array
    bias: Array


def random_network(alpha: str, seed: int) -> tuple[Layer, ...]:
    """MobileNet v1 with random weights, the same for the same `alpha` and `seed` on every machine."""
    bits = np.random.PCG64(seed)
    layers = []
    activations = _pictures(bits)
    scale = INPUT_SCALE
    for convolution in convolutions(alpha):
        if convolution.is_classifier:
            activations = np.rint(activations.mean(axis=(1, 2), keepdims=True))
        layer, activations = _layer(convolution, activations, scale, bits)
        layers.append(layer)
        scale = RELU6_SCALE
    return tuple(layers)


def _layer(
    convolution: Convolution, inputs: Array, scale: float, bits: np.random.PCG64
) -> tuple[Layer, Array]:
    """Draw a layer's weights, normalise them on `inputs`, and give its activations in steps of ReLU6."""
    drawn = _bell(bits, convolution.weights).reshape(convolution.filter_shape)
    sums = _convolve(convolution, inputs, drawn)
    by_channel = (0, 1, 2)
    mean = np.rint(sums.sum(axis=by_channel) / (sums.size // sums.shape[3]))
    deviation = np.abs(sums - mean).sum(axis=by_channel) / (sums.size // sums.shape[3])
    # A channel that hardly varies on the few pictures is not amplified more than a typical one.
    typical = max(1.0, float(np.median(deviation)))
    centre, spread = (0.0, _LOGIT_SPREAD) if convolution.is_classifier else (_CENTRE, _SPREAD)
    gain = spread / np.maximum(deviation, typical)
    outputs = (sums - mean) * gain + centre
    by_filter = gain if convolution.depthwise else gain.reshape(-1, 1, 1, 1)
    layer = Layer(convolution, weights=drawn * by_filter / scale, bias=centre - mean * gain)
    activations: Array = np.clip(np.rint(outputs / RELU6_SCALE), 0, 255)
    return layer, activations


def _pictures(bits: np.random.PCG64) -> Array:
    """Pictures of random blocks with random texture, as pixels less their zero point."""
    blocks = _PICTURE_SIZE // _BLOCK_SIZE
    coarse = _bytes(bits, _PICTURES * blocks * blocks * 3).reshape(_PICTURES, blocks, blocks, 3)
    coarse = coarse.repeat(_BLOCK_SIZE, axis=1).repeat(_BLOCK_SIZE, axis=2)
    texture = _bytes(bits, coarse.size).reshape(coarse.shape)
    pictures: Array = np.rint((coarse * 3 + texture) / 4)
    return pictures - INPUT_ZERO


def _convolve(convolution: Convolution, inputs: Array, weights: Array) -> Array:
    """The convolution's sums of products, all of them whole numbers.

    Beyond the border the nearest pixel is repeated, not zero: a small picture has much more border.
    """
    if convolution.kernel == 1:
        sums: Array = inputs @ weights[:, 0, 0].T
        return sums
    stride = convolution.stride
    size = inputs.shape[1] // stride
    before = 1 if stride == 1 else 0
    padded = np.pad(inputs, ((0, 0), (before, 1), (before, 1), (0, 0)), mode="edge")
    total = np.zeros((inputs.shape[0], size, size, convolution.output[3]))
    for row in range(convolution.kernel):
        for column in range(convolution.kernel):
            seen = padded[:, row : row + size * stride : stride, column : column + size * stride : stride]
            tap = weights[:, row, column]
            total += seen * tap[0] if convolution.depthwise else seen @ tap.T
    return total


def _bell(bits: np.random.PCG64, count: int) -> Array:
    """Whole numbers from -510 to 510, nearly normally distributed: sums of four bytes less their mean."""
    sums: Array = _bytes(bits, 4 * count).reshape(count, 4).sum(axis=1)
    return sums - 510


def _bytes(bits: np.random.PCG64, count: int) -> Array:
    raw = bits.random_raw(-(-count // 8)).astype("<u8").view(np.uint8)[:count]
    return raw.astype(np.float64)
