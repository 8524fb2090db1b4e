"""What a model infers on: seeded random numbers, or a given image or array."""

from typing import TYPE_CHECKING

import numpy as np

from edged.inference.refusal import RefusedError

if TYPE_CHECKING:
    from edged.inference.engine import Engine, Tensor, TensorFacts


def give_inputs(engine: "Engine", input_path: str, seed: int) -> None:
    """Fill all inputs of a loaded model.

    Args:
        engine: The loaded model.
        input_path: Image or `.npy` file for the first input; "" for random numbers.
        seed: Seed of the random numbers.

    Raises:
        RefusedError: If the file does not fit the model, or an input cannot be drawn at random.
    """
    generator = np.random.default_rng(seed)
    for position, facts in enumerate(engine.inputs()):
        given = input_path and position == 0
        tensor = _from_file(input_path, facts) if given else random_tensor(facts, generator)
        engine.set_input(tensor, facts.index)


def random_tensor(facts: "TensorFacts", generator: np.random.Generator) -> "Tensor":
    """Numbers over the whole range of an integer type; floating point from -1 to 1, as MobileNet takes it."""
    dtype = np.dtype(facts.dtype)
    if dtype.kind == "f":
        return generator.uniform(-1.0, 1.0, facts.shape).astype(dtype)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return generator.integers(limits.min, limits.max, facts.shape, dtype, endpoint=True)
    if dtype.kind == "b":
        return generator.integers(0, 2, facts.shape).astype(dtype)
    raise RefusedError("bad_input", f"an input is of type {facts.dtype}, which cannot be drawn at random")


def _from_file(path: str, facts: "TensorFacts") -> "Tensor":
    if not path.endswith(".npy"):
        from edged.inference.images import load_image  # noqa: PLC0415 - only where there is one

        return load_image(path, facts.shape, facts.dtype)
    try:
        tensor = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise RefusedError("bad_input", f"cannot be read as an array: {error}", where=path) from error
    if tensor.shape != facts.shape or tensor.dtype.name != facts.dtype:
        found = f"{tensor.dtype.name} {list(tensor.shape)}"
        wanted = f"{facts.dtype} {list(facts.shape)}"
        raise RefusedError("bad_input", f"is {found}, but the model takes {wanted}", where=path)
    return np.ascontiguousarray(tensor)
