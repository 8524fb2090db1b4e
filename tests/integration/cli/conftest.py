"""A configuration with one small model at hand, and a protocol that takes a second."""

from pathlib import Path

import pytest

from edged.inference.build import build_model

SMALL = "mobilenet_v1_0.25_224_quant"
# On a busy machine a measurement may be rejected as unsteady, but not for its neighbours.
CONFIG = """
[measure]
protocol = "brief"
foreign_load_max_ratio = 1.0
time_limit_s = 60.0

[models]
directory = "models"

[protocols.brief]
warmup_runs = 1
min_runs = 12
guard_s = 0.3

[exposition]
listen = "127.0.0.1:0"
"""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with `edged.toml` and one built model; nobody writes into it."""
    directory = tmp_path_factory.mktemp("cli")
    (directory / "models").mkdir()
    (directory / "models" / f"{SMALL}.tflite").write_bytes(build_model("0.25", "int8"))
    (directory / "edged.toml").write_text(CONFIG)
    return directory


@pytest.fixture(scope="session")
def config(place: Path) -> Path:
    """The configuration file."""
    return place / "edged.toml"
