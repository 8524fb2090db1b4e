"""The structure of MobileNet v1: which layers a width multiplier gives, with their shapes and costs.

    image -> Conv2d_0 -> 13 x (depthwise 3x3 -> pointwise 1x1) -> average pool -> classifier 1x1 -> softmax

Source: A. Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
Applications", 2017, table 1; names as in the hosted files, which were made with TensorFlow-Slim.
"""

from dataclasses import dataclass

IMAGE_SIZE = 224
CLASSES = 1001  # 1000 of ImageNet, and class 0: background
POOL_STRIDE = 2  # of the average pool; without effect, since its window covers the whole input

_FIRST_CHANNELS = 32
# (stride of the depthwise layer, channels of the pointwise layer) at alpha 1.0.
_BLOCKS = ((1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512), *((1, 512),) * 5, (2, 1024), (1, 1024))
_FEWEST_CHANNELS = 8
_BODY = "MobilenetV1/MobilenetV1"
_CLASSIFIER = "MobilenetV1/Logits/Conv2d_1c_1x1"

# (batch, height, width, channels), as all shapes of activations here.
Shape = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Convolution:
    """One convolution with its bias; batch normalisation is folded into both.

    Attributes:
        name: Its scope, such as "MobilenetV1/MobilenetV1/Conv2d_1_depthwise".
        depthwise: Whether each channel has a filter of its own.
        input: Shape of its input.
        output: Shape of its output.
        kernel: Height and width of its filter.
        stride: Step of its filter in both directions.
    """

    name: str
    depthwise: bool
    input: Shape
    output: Shape
    kernel: int
    stride: int

    @property
    def is_classifier(self) -> bool:
        """Whether its outputs are the logits, which no ReLU6 limits."""
        return self.name == _CLASSIFIER

    @property
    def filter_shape(self) -> Shape:
        """(1, height, width, channels) where depthwise, else (outputs, height, width, inputs)."""
        if self.depthwise:
            return (1, self.kernel, self.kernel, self.output[3])
        return (self.output[3], self.kernel, self.kernel, self.input[3])

    @property
    def weights(self) -> int:
        """Number of weights, biases not included."""
        outputs, height, width, inputs = self.filter_shape
        return outputs * height * width * inputs

    @property
    def biases(self) -> int:
        """Number of biases: one for each output channel."""
        return self.output[3]

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations of one inference."""
        _, height, width, channels = self.output
        return height * width * (self.weights if not self.depthwise else channels * self.kernel**2)


def convolutions(alpha: str) -> tuple[Convolution, ...]:
    """The 28 convolutions in the order they run; the last one is the classifier.

    The average pool stands between the last two, the softmax after the last.

    Args:
        alpha: Width multiplier as text, such as "0.25": every number of channels is multiplied by it.
    """
    width = float(alpha)
    size, channels = IMAGE_SIZE // 2, _scaled(_FIRST_CHANNELS, width)
    image, first = (1, IMAGE_SIZE, IMAGE_SIZE, 3), (1, size, size, channels)
    layers = [
        Convolution(f"{_BODY}/Conv2d_0", depthwise=False, input=image, output=first, kernel=3, stride=2)
    ]
    for number, (stride, full_width) in enumerate(_BLOCKS, start=1):
        name, before = f"{_BODY}/Conv2d_{number}", (1, size, size, channels)
        size //= stride
        between = (1, size, size, channels)
        channels = _scaled(full_width, width)
        after = (1, size, size, channels)
        layers.append(Convolution(f"{name}_depthwise", True, before, between, 3, stride))
        layers.append(Convolution(f"{name}_pointwise", False, between, after, 1, 1))
    pooled = (1, 1, 1, channels)
    layers.append(Convolution(_CLASSIFIER, False, pooled, (1, 1, 1, CLASSES), 1, 1))
    return tuple(layers)


def _scaled(full_width: int, width: float) -> int:
    return max(_FEWEST_CHANNELS, int(full_width * width))
