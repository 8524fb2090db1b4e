"""The models edged knows by name, and where their files lie.

    <directory>/mobilenet_v1_0.25_224.tflite             built here: random weights
    <directory>/published/mobilenet_v1_0.25_224.tflite   fetched: trained weights

Where both are there the fetched one is taken. The directory alone tells them apart: nothing but
`edged models fetch` writes to `published`, and it writes only what it has checked.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edged import paper
from edged.errors import EdgedError
from edged.inference.model import Accuracy, Model

HOSTED_PRECISIONS = ("fp32", "int8")
PRECISIONS = (*HOSTED_PRECISIONS, "int8-per-channel")

_SUFFIXES = {"fp32": "", "int8": "_quant", "int8-per-channel": "_int8"}
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What identifies a file.

    Attributes:
        size_bytes: Its size.
        sha256: Its checksum in hexadecimal digits.
    """

    size_bytes: int
    sha256: str


def mobilenet_name(alpha: str, precision: str) -> str:
    """The name of a MobileNet v1 224 model, as hosted: `mobilenet_v1_0.25_224_quant`."""
    return f"mobilenet_v1_{alpha}_224{_SUFFIXES[precision]}"


def built_path(directory: Path, name: str) -> Path:
    """Where `edged models build` writes the model."""
    return directory / f"{name}.tflite"


def fetched_path(directory: Path, name: str) -> Path:
    """Where `edged models fetch` writes the model."""
    return directory / "published" / f"{name}.tflite"


def mobilenets(directory: Path, precisions: Sequence[str] = HOSTED_PRECISIONS) -> tuple[Model, ...]:
    """The MobileNet v1 224 models, whether their files exist yet or not.

    The accuracy is the architecture's, as published; `int8-per-channel` has none.

    Args:
        directory: Where the models lie.
        precisions: Some of `PRECISIONS`; the paper's eight models have those of `HOSTED_PRECISIONS`.
    """
    return tuple(
        _mobilenet(directory, alpha, precision) for alpha in paper.ALPHAS for precision in precisions
    )


def _mobilenet(directory: Path, alpha: str, precision: str) -> Model:
    name = mobilenet_name(alpha, precision)
    fetched = fetched_path(directory, name)
    is_fetched = fetched.is_file()
    return Model(
        name,
        path=fetched if is_fetched else built_path(directory, name),
        alpha=alpha,
        precision=precision,
        weights="trained" if is_fetched else "random",
        accuracy=_published_accuracy(alpha, precision),
    )


def _published_accuracy(alpha: str, precision: str) -> Accuracy | None:
    published = paper.published_model(alpha, precision)
    if published is None:
        return None
    return Accuracy(published.top1_ratio, published.top5_ratio, "published")


def published_model(model: Model) -> paper.PublishedModel | None:
    """What is published of a model, if it is one of the paper's own: both its name and its facts say so."""
    published = paper.published_model(model.alpha, model.precision)
    if published is None or model.name != mobilenet_name(model.alpha, model.precision):
        return None
    return published


def size_bytes(model: Model, file_bytes: int | None) -> int | None:
    """What a model takes: its file's size, else, of the paper's own, that of every file of its structure.

    Args:
        model: The model.
        file_bytes: Size of its file; None where there is none.

    Returns:
        None where there is no file and nothing is published.
    """
    if file_bytes is not None:
        return file_bytes
    published = published_model(model)
    return published.file_bytes if published else None


def file_facts(path: Path) -> FileFacts:
    """Size and checksum of a file.

    Raises:
        EdgedError: If it cannot be read.
    """
    digest, size_bytes = hashlib.sha256(), 0
    if path.exists() and not path.is_file():  # opening a FIFO would wait for ever
        raise EdgedError("is not a file", where=str(path))
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
    except OSError as error:
        raise EdgedError(f"cannot be read: {error.strerror}", where=str(path)) from error
    return FileFacts(size_bytes, digest.hexdigest())
