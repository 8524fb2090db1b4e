"""What of this process's environment its children get: secrets stay where they are."""

import os

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "LANG")


def child_environment() -> dict[str, str]:
    """The environment of a process that runs an engine."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # numpy's linear algebra starts a thread per CPU unless told otherwise; it is not used here.
    return environment | {"OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "1"}
