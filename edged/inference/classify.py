"""What a model makes of one image: its best guesses.

The model and the image may be anybody's, so a child process loads them:

    python -m edged.inference.classify < question.json > answer.json
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edged.errors import EdgedError
from edged.inference.child_environment import child_environment

GUESSES = 5
TIME_LIMIT_S = 120.0
_MEMORY_LIMIT_BYTES = 3 << 30
_MAX_LABELS_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Guess:
    """One class that the model considers.

    Attributes:
        index: Number of the class.
        label: Its name; "" where no labels are given.
        score: What the model gives it; for a softmax the probability.
    """

    index: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Classification:
    """What came out.

    Attributes:
        engine: Name of the engine's package.
        engine_version: Its version.
        delegate: What ran the operators.
        guesses: The best guesses, best first; of equal ones the lower class first.
    """

    engine: str
    engine_version: str
    delegate: str
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    model_path: str
    image_path: str
    engine: str
    delegate: str


def classify(
    model_path: Path,
    image: Path | None = None,
    labels: Sequence[str] = (),
    *,
    engine: str = "auto",
    delegate: str = "auto",
    time_limit_s: float = TIME_LIMIT_S,
) -> Classification:
    """Let a model guess what is in an image.

    Args:
        model_path: The `.tflite` file.
        image: The image; random numbers without one, which still shows that the model runs.
        labels: Names of the classes by number.
        engine: `auto`, `tflite-runtime` or `ai-edge-litert`.
        delegate: `auto`, `none` or `xnnpack`.
        time_limit_s: After so many seconds the child is ended.

    Raises:
        EdgedError: If the model or the image is refused, crashes the engine, or takes too long.
    """
    question = _Question(str(model_path), str(image) if image else "", engine, delegate)
    answer = _ask(question, time_limit_s)
    if "what" in answer:
        raise EdgedError(_printable(answer["what"]), where=answer["where"], remedy=answer["remedy"])
    guesses = tuple(
        Guess(index, labels[index] if index < len(labels) else "", score)
        for index, score in answer["guesses"]
    )
    return Classification(answer["engine"], answer["engine_version"], answer["delegate"], guesses)


def read_labels(path: Path) -> list[str]:
    """Names of classes, one a line.

    Raises:
        EdgedError: If the file cannot be read as that.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_LABELS_BYTES + 1)
        if len(content) > _MAX_LABELS_BYTES:
            raise EdgedError("is too long for a list of labels", where=str(path))
        return [_printable(line) for line in content.decode("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise EdgedError(f"cannot be read as labels: {error}", where=str(path)) from error


def _printable(text: str) -> str:
    """Text without control characters: names in a model or a list of labels may hold anything."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _ask(question: _Question, time_limit_s: float) -> dict[str, Any]:
    try:
        child = subprocess.run(
            # -P: what lies beside an image is not to be taken for a module.
            [sys.executable, "-P", "-m", "edged.inference.classify"],
            input=json.dumps(asdict(question)).encode(),
            capture_output=True,
            env=child_environment(),
            timeout=time_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        what = f"the engine had not finished after {time_limit_s:g} s"
        raise EdgedError(what, where=question.model_path) from error
    try:
        answer = json.loads(child.stdout)
    except ValueError as error:
        said = child.stderr.decode(errors="replace").strip().splitlines()
        detail = f": {_printable(said[-1][:200])}" if said else ""
        what = f"the engine ended with exit code {child.returncode}{detail}"
        raise EdgedError(what, where=question.model_path) from error
    if not isinstance(answer, dict):
        raise EdgedError("the engine's process gave no answer", where=question.model_path)
    return answer


def _main() -> None:
    """The child: read a question, answer it."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what native code prints must not get into the answer
    question = _Question(**json.load(sys.stdin))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT_BYTES, _MEMORY_LIMIT_BYTES))
    answer: dict[str, Any]
    try:
        answer = _answer(question)
    except EdgedError as error:
        answer = {"what": error.what, "where": error.where or question.model_path, "remedy": error.remedy}
    except (ValueError, RuntimeError, OSError, MemoryError) as error:
        what = f"the engine refuses it: {' '.join(str(error).split()) or type(error).__name__}"
        answer = {"what": what, "where": question.model_path, "remedy": ""}
    with os.fdopen(answers, "w") as file:
        json.dump(answer, file)


def _answer(question: _Question) -> dict[str, Any]:
    # Native code is loaded only now, with the limits in force.
    import numpy as np  # noqa: PLC0415

    from edged.inference.engine import load_engine  # noqa: PLC0415
    from edged.inference.file_check import check_file  # noqa: PLC0415
    from edged.inference.inputs import give_inputs  # noqa: PLC0415

    check_file(question.model_path)
    engine = load_engine(question.engine, question.delegate, 1, question.model_path)
    give_inputs(engine, question.image_path, seed=0)
    engine.invoke()
    scores = np.nan_to_num(engine.output().astype(np.float64).ravel())
    best = np.argsort(-scores, kind="stable")[:GUESSES]
    return {
        "engine": engine.facts.engine,
        "engine_version": engine.facts.engine_version,
        "delegate": engine.facts.delegate,
        "guesses": [[int(index), float(scores[index])] for index in best],
    }


if __name__ == "__main__":
    _main()
