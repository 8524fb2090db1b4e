"""`edged measure` on simulated boards: the paper's figures, joules that are true, and none on an XU4."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from edged import paper
from edged.assembly.assembled import assembled
from edged.assembly.parts import Simulation
from edged.config.sections import Config
from edged.measurement.protocol import QUICK
from edged.measurement.sweep import sweep
from tests.integration.cli.command import CONTROL, REPLAY, edged
from tests.integration.cli.conftest import SMALL

CASES = (
    "mobilenet_v1_0.25_224@big",
    "mobilenet_v1_1.0_224@big",
    "mobilenet_v1_0.5_224_quant@little",
)
SEEDS = 60
JOULES = re.compile(r"\d\s*[mµu]?J\b|\bnet\b|\bgross\b")


def test_the_papers_protocol_gives_its_figures_and_true_joules() -> None:
    done = edged("measure", *CASES, *REPLAY, "--protocol", "paper", "--json")
    assert done.code == 0
    told = json.loads(done.out)["measurements"]
    assert len(told) == len(CASES)
    for each in told:
        assert each["verdict"] == "valid"
        assert each["inferences"] == 100
        fps = paper.frames_per_second(each["alpha"], each["precision"], each["cpu_cluster"])
        assert each["frames_per_second"] == pytest.approx(fps, rel=0.01)
        rail = each["cpu_cluster"]
        for kind in ("net_energy_j", "gross_energy_j"):
            found, true = each["rails"][rail][kind], each["truth"][rail][kind]
            assert found["value"] == pytest.approx(true["value"], abs=found["u95"])
            assert found["u95"] < 0.05 * found["value"]


def test_over_many_seeds_the_intervals_hold_the_truth(tmp_path: Path) -> None:
    config = Config()
    config = replace(
        config,
        measure=replace(config.measure, engine="replay"),
        models=replace(config.models, directory=tmp_path),
    )
    held: Counter[bool] = Counter()
    for seed in range(SEEDS):
        with assembled(config, Simulation("xu3", seed)) as assembly:
            assert assembly.truth
            cases = assembly.cases
            chosen = [cases[seed % 8], cases[8 + seed * 3 % 8]]  # one of each cluster
            for measurement in sweep(chosen, assembly.board, QUICK, assembly.rig, []):
                truth = assembly.truth(measurement)
                for name, rail in measurement.rails.items():
                    net = rail.net_energy_j
                    held[abs(net.value - truth[name].net_energy_j) <= net.u95] += 1
    share = held[True] / held.total()
    print(f"{share:.1%} of {held.total()} net energies hold the truth")
    assert held.total() > 0.9 * 2 * 4 * SEEDS
    assert share >= 0.93


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_on_an_xu4_there_is_not_one_joule(words: tuple[str, ...]) -> None:
    done = edged("measure", SMALL, "--simulate", "xu4", "--engine", "replay", "--protocol", "quick", *words)
    assert done.code == 0
    assert JOULES.search(done.err) is None
    if words:
        for each in json.loads(done.out)["measurements"]:
            assert each["rails"] == {}
            assert each["truth"] == {}
    else:
        assert JOULES.search(done.out) is None


def test_what_is_simulated_is_marked_in_lines_and_tables() -> None:
    done = edged("measure", SMALL, *REPLAY, "--protocol", "quick")
    assert "SIMULATED XU3" in done.out
    assert "SIMULATED SENSORS" in done.out
    for line in done.out.splitlines():
        if line.startswith(SMALL):
            assert line.count("J (simulated)") == 4
    assert CONTROL.search(done.out + done.err) is None


def test_simulated_sensors_go_round_real_inference(config: Path) -> None:
    case = f"{SMALL}@big"
    done = edged("measure", case, "--simulate", "xu3", "--engine", "tflite", "--config", config, "--json")
    assert done.code == 0
    (told,) = json.loads(done.out)["measurements"]
    assert told["engine"] in {"tflite-runtime", "ai-edge-litert"}
    assert told["simulated"] is True
    assert set(told["truth"]) == set(told["rails"])
    # A busy machine may cost a rail its energy, but never without a word.
    rejected = " ".join(rejection["detail"] for rejection in told["rejections"])
    for rail in {"big", "little", "gpu", "mem"} - set(told["rails"]):
        assert f"rail {rail}" in rejected
    assert "SIMULATED SENSORS" in done.err
