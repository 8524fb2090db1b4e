"""What the command line asks for, on top of what the configuration says."""

from pathlib import Path
from typing import Any

import pytest

from edged.assembly.parts import Simulation
from edged.cli.choice import Choice, protocol_of
from edged.errors import UsageError
from edged.simulation.named_scenarios import SCENARIOS


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    path = tmp_path / "edged.toml"
    path.write_text('[measure]\nprotocol = "quick"\nprecisions = ["fp32"]\n[protocols.night]\nmin_runs = 3\n')
    return path


def choice(config_path: Path, **given: Any) -> Choice:
    nothing: dict[str, Any] = dict.fromkeys(Choice.__dataclass_fields__)
    none_chosen: dict[str, Any] = {"names": (), "precisions": (), "clusters": (), "config_path": config_path}
    return Choice(**(nothing | none_chosen | given))


def test_what_is_not_asked_for_is_as_configured(config_path: Path) -> None:
    config = choice(config_path).config()
    assert (config.measure.protocol, config.measure.engine) == ("quick", "auto")
    assert protocol_of(config).name == "quick"


def test_the_command_line_goes_before_the_configuration(config_path: Path) -> None:
    config = choice(config_path, protocol="night", engine="tflite-runtime", delegate="none").config()
    assert protocol_of(config).min_runs == 3
    assert (config.measure.engine, config.measure.delegate) == ("tflite-runtime", "none")


def test_tflite_means_whatever_is_installed(config_path: Path) -> None:
    assert choice(config_path, engine="tflite").config().measure.engine == "auto"


def test_a_precision_asked_for_is_there_though_the_configuration_leaves_it_out(config_path: Path) -> None:
    config = choice(config_path, precisions=("int8-per-channel", "fp32")).config()
    assert config.measure.precisions == ("fp32", "int8-per-channel")


def test_a_simulated_board_has_a_seed(config_path: Path) -> None:
    asked = choice(config_path, simulate="xu4", seed=7)
    assert asked.simulation(asked.config()) == Simulation("xu4", 7)
    asked = choice(config_path, simulate="xu3", engine="replay")
    assert asked.simulation(asked.config()) == Simulation("xu3", 0)


def test_a_simulated_board_has_a_scenario(config_path: Path) -> None:
    asked = choice(config_path, simulate="xu3", scenario="heat-wave")
    assert asked.simulation(asked.config()) == Simulation("xu3", 0, SCENARIOS["heat-wave"])


def test_without_simulate_it_is_this_machine(config_path: Path) -> None:
    asked = choice(config_path)
    assert asked.simulation(asked.config()) is None


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"protocol": "nigth"}, "there is no protocol 'nigth'"),
        ({"engine": "replay"}, "--engine replay runs on a simulated board"),
        ({"engine": "torch"}, "there is no engine 'torch'"),
        ({"delegate": "gpu"}, "there is no delegate 'gpu'"),
        ({"seed": 0}, "--seed is that of a simulated board"),
        ({"scenario": "hot"}, "--scenario is that of a simulated board"),
        ({"scenario": "hottest", "simulate": "xu3"}, "scenario"),
    ],
)
def test_what_is_not_known_is_refused(config_path: Path, given: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        choice(config_path, **given).config()


def test_an_unknown_simulated_board_is_refused_with_those_there_are(config_path: Path) -> None:
    asked = choice(config_path, simulate="xu5")
    with pytest.raises(UsageError, match="no simulated board 'xu5'") as refused:
        asked.simulation(asked.config())
    assert "known: xu3, xu4" in refused.value.remedy
