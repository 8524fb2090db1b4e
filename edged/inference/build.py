"""Builds MobileNet v1 models from their structure, with random weights, the same bytes everywhere.

Operators, shapes and weights have the number, the types and the order of the hosted files, so that an
inference takes as long as theirs; what it says means nothing. `int8-per-channel` is no hosted file: it
is the quantisation that the paper describes, and that TensorFlow 2 gives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edged import paper
from edged.errors import UsageError
from edged.inference.encoding import ENCODINGS
from edged.inference.mobilenet_v1_file import mobilenet_v1_file
from edged.inference.random_network import random_network
from edged.inference.whole_file import write_whole
from edged.inference.zoo import HOSTED_PRECISIONS, built_path, mobilenet_name


@dataclass(frozen=True, slots=True)
class Built:
    """One model of a series that is built.

    Attributes:
        path: Its file.
        size_bytes: Its size.
        is_new: Whether it was written; False where the file was right already.
        done: Models built so far, this one included.
        total: Models to build.
    """

    path: Path
    size_bytes: int
    is_new: bool
    done: int
    total: int


def build_model(alpha: str, precision: str, seed: int = 0) -> bytes:
    """The bytes of one `.tflite` file, the same for the same arguments on every machine.

    With another version of flatbuffers the same model may lie in the file in another way.

    Args:
        alpha: Width multiplier as text: one of `edged.paper.ALPHAS`.
        precision: `fp32`, `int8` (as hosted: uint8, one scale for each tensor) or `int8-per-channel`.
        seed: Seed of the random weights, 0 or more.

    Raises:
        UsageError: If there is no such model.
    """
    _require_known("alpha", alpha, paper.ALPHAS)
    _require_known("precision", precision, tuple(ENCODINGS))
    return mobilenet_v1_file(random_network(alpha, seed), ENCODINGS[precision])


def build_all(
    directory: Path,
    precisions: Sequence[str] = HOSTED_PRECISIONS,
    progress: Callable[[Built], None] = lambda _: None,
    seed: int = 0,
) -> list[Path]:
    """Build the MobileNet v1 models of all widths in these precisions.

    Each file appears whole or not at all; one that already has the right content is left alone.

    Args:
        directory: Where they go; made if it is not there.
        precisions: Some of `edged.inference.zoo.PRECISIONS`.
        progress: Called after each model.
        seed: Seed of the random weights, 0 or more.

    Raises:
        UsageError: If there is no such precision.
        EdgedError: If a file cannot be written.
    """
    for precision in precisions:
        _require_known("precision", precision, tuple(ENCODINGS))
    paths: list[Path] = []
    for alpha in paper.ALPHAS:
        layers = random_network(alpha, seed)
        for precision in precisions:
            path = built_path(directory, mobilenet_name(alpha, precision))
            content = mobilenet_v1_file(layers, ENCODINGS[precision])
            is_new = not _holds(path, content)
            if is_new:
                write_whole(path, content, "name another place with --directory")
            paths.append(path)
            total = len(paper.ALPHAS) * len(precisions)
            progress(Built(path, len(content), is_new, len(paths), total))
    return paths


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _require_known(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError(f"there is no {what} {value!r}", remedy=f"use one of {', '.join(known)}")
