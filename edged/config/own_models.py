"""`[[model]]`: models of your own."""

from dataclasses import dataclass
from pathlib import Path

from edged.config.names import name_complaint
from edged.config.option import option, required_option
from edged.inference.model import Accuracy, Model


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """`[[model]]`: a model of your own."""

    name: str = required_option(
        "Name in cases, metrics and on the command line", complaint_about=name_complaint
    )
    path: Path = required_option("The .tflite file")
    precision: str = required_option(
        "Word for the kind of its numbers, such as fp32 or int8", complaint_about=name_complaint
    )
    alpha: str = option(
        "Width multiplier as text, empty for models that have none",
        default="",
        complaint_about=lambda alpha: name_complaint(alpha) if alpha else None,
    )
    weights: str = option("Where its weights come from", default="trained", choices=("trained", "random"))
    labels: Path | None = option("Text file with one class name a line", default=None)
    input: Path | None = option("Image or .npy file to infer on; without it random numbers", default=None)
    top1_ratio: float | None = option(
        "Share of test images whose best guess is right, as measured on this file",
        default=None,
        at_least=0,
        at_most=1,
    )
    top5_ratio: float | None = option(
        "Share of test images with the right class among the best five", default=None, at_least=0, at_most=1
    )

    def model(self) -> Model:
        """The model as the other rooms know it."""
        accuracy = None
        if self.top1_ratio is not None:
            accuracy = Accuracy(self.top1_ratio, self.top5_ratio, "measured")
        return Model(
            name=self.name,
            path=self.path,
            alpha=self.alpha,
            precision=self.precision,
            weights=self.weights,
            accuracy=accuracy,
            labels=self.labels,
            input=self.input,
        )
