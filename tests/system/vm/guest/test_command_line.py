"""`edged` as a person calls it on the board, from argv to JSON."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.system.vm.guest import chips
from tests.system.vm.guest.rails import CONFIGURED
from tests.system.vm.guest.test_models import MODELS

RUNS = 3
TRIES = 3
# One only: catching every average of four chips takes an emulated CPU for itself.
RAIL = CONFIGURED[0]
POWER_W = 0.2025  # in1_input 900 mV and curr1_input 225 mA


@pytest.fixture(scope="module", autouse=True)
def chips_that_measure_the_same_all_the_time() -> None:
    chips.reset()
    for address in chips.ADDRESSES:
        chips.measure(address, voltage=0x02D0, current=0x0384)


@pytest.fixture(scope="module")
def measurement(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One measurement of the smallest model, with one rail configured."""
    if not MODELS.is_dir():
        pytest.skip("the genuine models are not at hand: there is no ../shared/models/hosted")
    configuration = tmp_path_factory.mktemp("configuration") / "edged.toml"
    configuration.write_text(
        f'[models]\ndirectory = "{MODELS}"\n'
        f"[protocols.brief]\nmin_runs = {RUNS}\npause_s = 0.5\nguard_s = 1.5\n"
        f'[[power.rail]]\nname = "{RAIL.name}"\ni2c = "{RAIL.i2c}"\naddress = {RAIL.address}\n'
    )
    command = ("measure", "mobilenet_v1_0.25_224_quant", "--protocol", "brief", "--json")
    # A host that is busy with something else may keep the emulated CPU from catching the averages.
    measured: dict[str, Any] = {}
    for _ in range(TRIES):
        (measured,) = json.loads(edged(*command, "--config", str(configuration)))["measurements"]
        if measured["rails"]:
            break
    return measured


def test_edged_board_names_the_four_sensors() -> None:
    shown = edged("board")
    assert [f"{address:#x}" in shown for address in chips.ADDRESSES] == [True] * 4


def test_edged_measure_runs_a_case(measurement: dict[str, Any]) -> None:
    assert (measurement["engine"], measurement["inferences"]) == ("tflite-runtime", RUNS)
    assert measurement["latency_s"]["mean"] > 0


def test_edged_measure_gives_the_joules_to_the_last_digit(measurement: dict[str, Any]) -> None:
    assert list(measurement["rails"]) == [RAIL.name]
    energy, energy_j = measurement["rails"][RAIL.name], POWER_W * measurement["latency_s"]["mean"]
    assert energy["idle_power_w"] == POWER_W
    assert energy["net_energy_j"]["value"] == 0  # it uses no more while it infers
    assert energy["gross_energy_j"]["value"] == pytest.approx(energy_j, rel=1e-9)
    assert 0 < energy["gross_energy_j"]["u95"] < energy_j
    print(f"{energy_j * 1e3:.1f} mJ, {energy['coverage_ratio']:.0%} of the time covered")


def edged(*arguments: str) -> str:
    command = [sys.executable, "-m", "edged", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
