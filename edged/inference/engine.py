"""The engines: TensorFlow Lite as `tflite-runtime` (armv7l boards) and as `ai-edge-litert` (elsewhere).

Both packages bring the same interpreter under different module names. Only worker processes import
this module: it loads native code and a model that nobody has vetted.
"""

import importlib
import importlib.metadata
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edged.inference.job import Loaded
from edged.inference.refusal import RefusedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensor = NDArray[np.generic]

MODULES = {"tflite-runtime": "tflite_runtime.interpreter", "ai-edge-litert": "ai_edge_litert.interpreter"}


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """One input or output of a model.

    Attributes:
        index: Its number in the interpreter.
        shape: Its dimensions.
        dtype: numpy's name of its element type, such as "uint8".
        scale: Quantisation scale; 0 for floating point.
        zero_point: Quantisation zero point.
    """

    index: int
    shape: tuple[int, ...]
    dtype: str
    scale: float
    zero_point: int


class Engine:
    """A loaded model.

    Args:
        interpreter: The interpreter with its tensors allocated.
        facts: What loaded it, and how long that took.
    """

    def __init__(self, interpreter: Any, facts: Loaded) -> None:  # noqa: ANN401 - two packages, one shape
        """Bind `invoke` itself, so that a timed call goes straight into the interpreter."""
        self._interpreter = interpreter
        self.facts = facts
        self.invoke: Callable[[], None] = interpreter.invoke

    def inputs(self) -> Sequence[TensorFacts]:
        """The model's inputs."""
        return [_tensor_facts(detail) for detail in self._interpreter.get_input_details()]

    def set_input(self, tensor: "Tensor", index: int | None = None) -> None:
        """Give the model an input; the first one unless `index` names another."""
        self._interpreter.set_tensor(self.inputs()[0].index if index is None else index, tensor)

    def output(self) -> "Tensor":
        """A copy of the model's first output, dequantised to floating point where it is quantised."""
        facts = _tensor_facts(self._interpreter.get_output_details()[0])
        tensor: Tensor = self._interpreter.get_tensor(facts.index)
        if not facts.scale:
            return tensor
        dequantised: Tensor = (tensor.astype("float32") - facts.zero_point) * facts.scale
        return dequantised


def load_engine(name: str, delegate: str, threads: int, model_path: str) -> Engine:
    """Load a model into an engine with its delegate set explicitly.

    Args:
        name: `auto`, `tflite-runtime` or `ai-edge-litert`.
        delegate: `none`, `xnnpack`, or `auto` for XNNPACK where the engine has it.
        threads: Threads the engine may use.
        model_path: The `.tflite` file.

    Raises:
        RefusedError: If no such engine is installed.
        ValueError: From the engine, if it cannot read the model.
        RuntimeError: From the engine, if it cannot prepare the model.
    """
    package = _choose(name)
    module = importlib.import_module(MODULES[package])
    resolver = module.OpResolverType.BUILTIN
    if delegate == "none":
        resolver = module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    begin_ns = time.monotonic_ns()
    interpreter = module.Interpreter(
        model_path=model_path, num_threads=threads, experimental_op_resolver_type=resolver
    )
    interpreter.allocate_tensors()
    load_s = (time.monotonic_ns() - begin_ns) / 1e9
    version = importlib.metadata.version(package)
    return Engine(interpreter, Loaded(package, version, _delegate_in_use(interpreter), threads, load_s))


def installed_engines() -> list[str]:
    """Packages of this environment that hold an engine, the one that `auto` takes first."""
    found = [package for package in MODULES if _is_installed(package)]
    # On 32-bit ARM only tflite-runtime has wheels; elsewhere the newer package has the better kernels.
    return found if platform.machine().startswith("armv7") else found[::-1]


def _choose(name: str) -> str:
    found = installed_engines()
    if name == "auto" and found:
        return found[0]
    if name in found:
        return name
    wanted = "no inference engine is" if name == "auto" else f"the engine {name} is not"
    remedy = "install one with: pip install 'edged[engine]'"
    raise RefusedError("no_engine", f"{wanted} installed", remedy=remedy)


def _is_installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _delegate_in_use(interpreter: Any) -> str:  # noqa: ANN401
    """What the interpreter's graph says, not what was asked: a delegate may take no operator at all."""
    operators = interpreter._get_ops_details()  # noqa: SLF001 - there is no public way to see delegate nodes
    return "xnnpack" if any(operator["op_name"] == "DELEGATE" for operator in operators) else "none"


def _tensor_facts(detail: dict[str, Any]) -> TensorFacts:
    scale, zero_point = detail["quantization"]
    shape = tuple(int(size) for size in detail["shape"])
    return TensorFacts(int(detail["index"]), shape, detail["dtype"].__name__, float(scale), int(zero_point))
