"""What the daemon and the command line import for models is light: numpy and engines stay with workers."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "edged.paper",
        "edged.inference.zoo",
        "edged.inference.file_check",
        "edged.inference.fetch",
        "edged.inference.hosted_files",
        "edged.inference.classify",
        "edged.cli.models",
    ],
)
def test_the_module_loads_neither_numpy_nor_an_engine(module: str) -> None:
    heavy = "'numpy', 'tflite', 'flatbuffers', 'PIL', 'tflite_runtime', 'ai_edge_litert'"
    code = f"import sys, {module}; print([name for name in ({heavy}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
