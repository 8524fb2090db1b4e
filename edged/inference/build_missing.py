"""Builds models that are not there yet, in a process of its own: the daemon never loads numpy."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from edged.errors import EdgedError
from edged.inference.model import Model
from edged.inference.whole_file import remove_unfinished
from edged.inference.zoo import PRECISIONS, built_path

# Seconds on a board; minutes mean that something is wrong with it.
_TIME_LIMIT_S = 600.0


def missing_models(models: Sequence[Model], directory: Path) -> list[Model]:
    """The models of the zoo that have no file yet.

    Args:
        models: Any models; those that do not lie where built ones do are not looked at.
        directory: Where built models lie.
    """
    return [
        model
        for model in models
        if model.precision in PRECISIONS
        and model.path == built_path(directory, model.name)
        and not model.path.exists()
    ]


def build(models: Sequence[Model], directory: Path, seed: int) -> None:
    """Build models of the zoo.

    Args:
        models: Those wanted.
        directory: Where built models lie.
        seed: Seed of their weights.

    Raises:
        EdgedError: If they cannot be built.
    """
    precisions = sorted({model.precision for model in models})
    chosen = [word for precision in precisions for word in ("--precision", precision)]
    # -P: what lies where the daemon was started is not to be taken for a module.
    command = [sys.executable, "-P", "-m", "edged", "models", "build", "--directory", str(directory)]
    command += ["--seed", str(seed), *chosen]
    none = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=none, stdout=none, stderr=subprocess.PIPE) as builder:
        try:
            _, stderr = builder.communicate(timeout=_TIME_LIMIT_S)
        except BaseException as error:
            builder.kill()
            builder.wait()
            remove_unfinished(directory, builder.pid)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            what = f"building models took more than {_TIME_LIMIT_S:g} s"
            raise EdgedError(what, where=str(directory)) from error
    if builder.returncode:
        said = stderr.decode(errors="replace").strip() or f"exit code {builder.returncode}"
        what, *more = said.removeprefix("edged: ").splitlines()
        # --directory is an option of `edged models build`, which nobody has called by hand.
        remedies = [line.strip() for line in more if "--directory" not in line]
        remedies = remedies or ["set models.directory in edged.toml to a place that can be written"]
        raise EdgedError(f"the models cannot be built: {what}", remedy=" ".join(remedies))
