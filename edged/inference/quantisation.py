"""How real numbers become whole ones: real = scale * (quantised - zero point).

Source: B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", 2018; the signed, per-channel form is TensorFlow Lite's
8-bit quantisation specification.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Quantisation:
    """The scale of a tensor, or one for each of its channels.

    Attributes:
        scales: One for the whole tensor, or one for each channel.
        zero_points: The quantised number that stands for 0, one for each scale.
        lowest: Lowest real number; None where the file does not tell.
        highest: Highest real number; None where the file does not tell.
        channel_axis: Axis of the channels; 0 where one scale serves the whole tensor.
    """

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    lowest: float | None = None
    highest: float | None = None
    channel_axis: int = 0


def uniform(scale: float, zero_point: int, smallest: int, largest: int) -> Quantisation:
    """One scale for a tensor whose quantised numbers go from `smallest` to `largest`."""
    scale = float(np.float32(scale))
    return Quantisation(
        (scale,), (zero_point,), scale * (smallest - zero_point), scale * (largest - zero_point)
    )


def weights_per_tensor(weights: NDArray[np.float64]) -> tuple[NDArray[np.uint8], Quantisation]:
    """Weights as the hosted INT8 files have them: uint8, asymmetric, 1 to 255, one scale for the tensor."""
    lowest, highest = min(0.0, float(weights.min())), max(0.0, float(weights.max()))
    scale = float(np.float32((highest - lowest) / 254))
    zero_point = int(np.rint(1 - lowest / scale))
    quantised = np.clip(np.rint(weights / scale) + zero_point, 1, 255).astype(np.uint8)
    return quantised, uniform(scale, zero_point, 1, 255)


def weights_per_channel(
    weights: NDArray[np.float64], channel_axis: int
) -> tuple[NDArray[np.int8], Quantisation]:
    """Weights as int8, symmetric, -127 to 127, one scale for each channel."""
    others = tuple(axis for axis in range(weights.ndim) if axis != channel_axis)
    scales = (np.abs(weights).max(axis=others, keepdims=True) / 127).astype(np.float32).astype(np.float64)
    quantised = np.clip(np.rint(weights / scales), -127, 127).astype(np.int8)
    flat = tuple(float(scale) for scale in scales.ravel())
    return quantised, Quantisation(flat, (0,) * len(flat), channel_axis=channel_axis)


def bias(
    values: NDArray[np.float64], input_scale: float, weights: Quantisation
) -> tuple[NDArray[np.int32], Quantisation]:
    """Biases as int32 in the steps of the sums they are added to: input scale times weight scale."""
    products = np.float32(input_scale) * np.array(weights.scales, dtype=np.float32)
    quantised = np.rint(values / products.astype(np.float64)).astype(np.int32)
    return quantised, Quantisation(tuple(float(p) for p in products), (0,) * products.size)
