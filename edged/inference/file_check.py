"""Checks a `.tflite` file before any engine sees it.

Engines are native code that trusts its models. So a file of unknown origin is followed here first, in
Python alone: every distance, length and index must stay inside of it. What an engine makes of a file
that passes is still its own affair, and happens in a worker process.
"""

import mmap
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

from edged.errors import EdgedError
from edged.inference.flatbuffer import BrokenFileError, Flatbuffer, Table
from edged.inference.tflite_names import CUSTOM_OPERATOR, ELEMENT_TYPES, OPERATORS
from edged.inference.tflite_schema import IDENTIFIER, VERSION

MAX_FILE_BYTES = 1 << 30
MAX_TENSOR_BYTES = 1 << 30
_MAX_DIMENSIONS = 16
_SMALLEST_FILE_BYTES = 8  # the distance to the root table, and the identifier

# Slots of the fields that are read here, in the order of the schema.
_MODEL_VERSION, _MODEL_CODES, _MODEL_GRAPHS, _MODEL_DESCRIPTION, _MODEL_BUFFERS = range(5)
_GRAPH_TENSORS, _GRAPH_INPUTS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = range(4)
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_BUFFER, _TENSOR_NAME = range(4)
_TENSOR_SPARSITY = 6
_OPERATOR_CODE, _OPERATOR_INPUTS, _OPERATOR_OUTPUTS = range(3)
_OPERATOR_INTERMEDIATES = 8
_CODE_OLD, _CODE_CUSTOM, _CODE_VERSION, _CODE_NUMBER = range(4)
_BUFFER_DATA, _BUFFER_OFFSET, _BUFFER_SIZE = range(3)


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor as the file describes it.

    Attributes:
        name: Its name.
        type: What it is made of, such as "UINT8".
        shape: Its dimensions.
    """

    name: str
    type: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """What a `.tflite` file says of itself.

    Attributes:
        size_bytes: Size of the file.
        description: The maker's description; may be "".
        inputs: Inputs of the first graph.
        outputs: Outputs of the first graph.
        operators: Names of the first graph's operators, in the order they run.
        tensors: Number of tensors in all graphs.
    """

    size_bytes: int
    description: str
    inputs: tuple[StoredTensor, ...]
    outputs: tuple[StoredTensor, ...]
    operators: tuple[str, ...]
    tensors: int


def check_file(path: Path | str) -> StoredModel:
    """Check that a file is a `.tflite` model in which nothing leads astray.

    Raises:
        EdgedError: If it cannot be read, is no such model, or is broken.
    """
    with _mapped(Path(path)) as data:
        try:
            return check_bytes(data)
        except BrokenFileError as error:
            remedy = "build or fetch it again, or get it from its maker again"
            what = f"is not a sound TensorFlow Lite model: {error.what}"
            raise EdgedError(what, where=str(path), remedy=remedy) from error


def check_bytes(data: mmap.mmap | bytes) -> StoredModel:
    """Check the content of a `.tflite` file.

    Raises:
        BrokenFileError: If it is no such model, or is broken.
    """
    if len(data) < _SMALLEST_FILE_BYTES or data[4:8] != IDENTIFIER:
        raise BrokenFileError("it does not begin as one")
    model = Flatbuffer(data, "Model").root
    if model.number(_MODEL_VERSION) != VERSION:
        raise BrokenFileError(f"its version is {model.number(_MODEL_VERSION)}, not {VERSION}")
    graphs = model.tables(_MODEL_GRAPHS)
    if not graphs:
        raise BrokenFileError("there is no graph in it")
    codes = [_operator_name(code) for code in model.tables(_MODEL_CODES)]
    constants = [_constant_bytes(buffer, len(data)) for buffer in model.tables(_MODEL_BUFFERS)]
    tensors = [_tensors(graph, constants) for graph in graphs]
    operators = [_operators(graph, codes) for graph in graphs]
    first = tensors[0]
    return StoredModel(
        len(data),
        model.text(_MODEL_DESCRIPTION),
        inputs=tuple(first[index] for index in graphs[0].numbers(_GRAPH_INPUTS)),
        outputs=tuple(first[index] for index in graphs[0].numbers(_GRAPH_OUTPUTS)),
        operators=tuple(operators[0]),
        tensors=sum(len(of_graph) for of_graph in tensors),
    )


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """The file in memory, but only those pages that are looked at."""
    try:
        # Without O_NONBLOCK a named pipe would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise EdgedError(f"cannot be read: {error.strerror}", where=str(path)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise EdgedError("is not a file", where=str(path))
        if not _SMALLEST_FILE_BYTES <= status.st_size <= MAX_FILE_BYTES:
            what = f"is {status.st_size} bytes long; models have {_SMALLEST_FILE_BYTES} to {MAX_FILE_BYTES}"
            raise EdgedError(what, where=str(path))
        with mmap.mmap(descriptor, status.st_size, access=mmap.ACCESS_READ) as data:
            yield data
    except (OSError, ValueError) as error:  # ValueError: it was emptied meanwhile
        raise EdgedError(f"cannot be read: {error}", where=str(path)) from error
    finally:
        os.close(descriptor)


def _operator_name(code: Table) -> str:
    # Old files have only the first field, which is too narrow for newer operators.
    number = max(code.number(_CODE_OLD), code.number(_CODE_NUMBER))
    if number == CUSTOM_OPERATOR:
        return f"CUSTOM {code.text(_CODE_CUSTOM)}"
    if not 0 <= number < len(OPERATORS):
        raise BrokenFileError(f"it has operator {number}, which this version of edged does not know")
    return OPERATORS[number]


def _constant_bytes(buffer: Table, file_bytes: int) -> int:
    """Bytes of a buffer, inside of the flatbuffer or behind it."""
    offset = buffer.number(_BUFFER_OFFSET, signed=False)
    size = buffer.number(_BUFFER_SIZE, signed=False)
    if offset > 1:  # 0 and 1 say that it lies inside
        if offset + size > file_bytes:
            raise BrokenFileError("a buffer lies outside of the file")
        return size
    return buffer.length(_BUFFER_DATA)


def _tensors(graph: Table, constants: Sequence[int]) -> list[StoredTensor]:
    tensors = [
        _tensor(tensor, f"tensor {index}", constants)
        for index, tensor in enumerate(graph.tables(_GRAPH_TENSORS))
    ]
    _require_within(graph.numbers(_GRAPH_INPUTS), len(tensors), "an input of a graph")
    _require_within(graph.numbers(_GRAPH_OUTPUTS), len(tensors), "an output of a graph")
    return tensors


def _tensor(tensor: Table, which: str, constants: Sequence[int]) -> StoredTensor:
    if tensor.length(_TENSOR_SHAPE) > _MAX_DIMENSIONS:
        raise BrokenFileError(f"{which} has more than {_MAX_DIMENSIONS} dimensions")
    shape = tuple(tensor.numbers(_TENSOR_SHAPE))
    number = tensor.number(_TENSOR_TYPE)
    if not 0 <= number < len(ELEMENT_TYPES):
        raise BrokenFileError(f"{which} is of type {number}, which this version of edged does not know")
    element, width = ELEMENT_TYPES[number]
    if any(size < 0 for size in shape) or prod(shape) * (width or 1) > MAX_TENSOR_BYTES:
        raise BrokenFileError(f"{which} has the impossible shape {list(shape)}")
    buffer = tensor.number(_TENSOR_BUFFER, signed=False)
    _require_within([buffer], len(constants), f"the buffer of {which}")
    wanted = prod(shape) * width if width and not tensor.has(_TENSOR_SPARSITY) else None
    if constants[buffer] and wanted is not None and constants[buffer] != wanted:
        raise BrokenFileError(f"{which} has {constants[buffer]} bytes where its shape asks for {wanted}")
    return StoredTensor(tensor.text(_TENSOR_NAME), element, shape)


def _operators(graph: Table, codes: Sequence[str]) -> list[str]:
    count = graph.length(_GRAPH_TENSORS)
    names = []
    for index, operator in enumerate(graph.tables(_GRAPH_OPERATORS)):
        code = operator.number(_OPERATOR_CODE, signed=False)
        _require_within([code], len(codes), f"the code of operator {index}")
        inputs = [tensor for tensor in operator.numbers(_OPERATOR_INPUTS) if tensor != -1]  # -1: left out
        _require_within(inputs, count, f"an input of operator {index}")
        _require_within(operator.numbers(_OPERATOR_OUTPUTS), count, f"an output of operator {index}")
        _require_within(operator.numbers(_OPERATOR_INTERMEDIATES), count, f"a tensor of operator {index}")
        names.append(codes[code])
    return names


def _require_within(indices: Sequence[int], count: int, what: str) -> None:
    for index in indices:
        if not 0 <= index < count:
            raise BrokenFileError(f"{what} is number {index} of {count}")
