"""A model: one `.tflite` file with its facts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a model is right on ImageNet.

    Attributes:
        top1_ratio: Share of images whose best guess is right, 0 to 1.
        top5_ratio: Share of images with the right class among the best five; None if not known.
        source: `published` (the architecture's published figure) or `measured` (on this very file).
    """

    top1_ratio: float
    top5_ratio: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Model:
    """One `.tflite` file and what is known of it.

    Attributes:
        name: Its name in cases, metrics and on the command line.
        path: The file; it need not exist yet.
        alpha: Width multiplier as text, such as "0.25"; "" for models that have none.
        precision: `fp32`, `int8` (as hosted: uint8, per tensor), `int8-per-channel`, or the user's own word.
        weights: `trained` or `random`.
        accuracy: None where it is not known.
        labels: Text file with one class name a line; None if there is none.
        input: Image or `.npy` file to infer on; None for seeded random input.
    """

    name: str
    path: Path
    alpha: str
    precision: str
    weights: str
    accuracy: Accuracy | None = None
    labels: Path | None = None
    input: Path | None = None
