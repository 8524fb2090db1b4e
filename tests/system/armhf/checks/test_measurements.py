"""One real measurement of each precision, by the engine's armv7l wheel."""

import json
import os
import subprocess
import sys

import pytest

_CONFIGURATION = """\
[measure]
protocol = "once"
foreign_load_max_ratio = 1.0
[models]
directory = "models"
[protocols.once]
warmup_runs = 1
min_runs = 3
min_busy_s = 0.0
pause_s = 0.0
guard_s = 0.1
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What `edged measure` says of each precision, round its real engine and without sensors."""
    directory = tmp_path_factory.mktemp("measured")
    (directory / "edged.toml").write_text(_CONFIGURATION)
    command = [sys.executable, "-m", "edged", "measure", "--config", str(directory / "edged.toml"), "--json"]
    environment = os.environ | {"HOME": str(directory)}
    models = ["mobilenet_v1_0.25_224", "mobilenet_v1_0.25_224_quant"]
    done = subprocess.run([*command, *models], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    measurements = json.loads(done.stdout)["measurements"]
    return {each["precision"]: each for each in measurements}


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_it_measures(precision: str, measured: dict[str, dict[str, object]]) -> None:
    result = measured[precision]
    assert (result["engine"], result["version"], result["delegate"]) == ("tflite-runtime", "2.14.0", "none")
    assert result["inferences"] == 3
    # A machine that has other work may disturb it, but nothing may go wrong.
    assert set(result["reasons"]) <= {"unsteady", "foreign_load"}, result  # type: ignore[call-overload]
    latency = result["latency_s"]
    assert isinstance(latency, dict)
    print(f"{latency['mean'] * 1e3:.0f} ms an inference, emulated")


def test_memory_is_limited() -> None:
    limit = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20)); bytearray(256 << 20)"
    )
    done = subprocess.run([sys.executable, "-c", limit], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        pytest.skip("qemu-user passes no RLIMIT_AS on; the guest of make test-vm has a kernel of its own")
    assert "MemoryError" in done.stderr
