"""`edged run`: serves what it has found until it is told to end."""

import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from prometheus_client.parser import text_string_to_metric_families

from edged import paper
from edged.inference.zoo import mobilenet_name
from tests.integration.cli.command import REPLAY, edged, ended, line_with, started, wait_for
from tests.integration.cli.conftest import SMALL

Samples = dict[str, list[tuple[dict[str, str], float]]]


@contextmanager
def running(*words: str, config: Path, home: Path) -> Iterator[Popen[str]]:
    """`edged run` of the small model; what it keeps from life to life it keeps in `home`."""
    with started("run", SMALL, *words, "--config", config, env={"HOME": str(home)}) as process:
        yield process


def metrics_address(process: Popen[str]) -> str:
    return line_with(process, "metrics: ").split()[1]


def scraped(address: str) -> Samples:
    """Samples by name, without any proxy on the way."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=60) as answer:
        text = answer.read().decode()
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def measured(address: str) -> bool:
    return "edged_measurement_latency_seconds" in scraped(address)


def test_results_are_served_after_the_first_valid_measurement(config: Path, tmp_path: Path) -> None:
    with running(*REPLAY, "--speed", "0", "--protocol", "quick", config=config, home=tmp_path) as process:
        address = metrics_address(process)
        wait_for(lambda: measured(address))
        samples = scraped(address)
        process.terminate()
        done = ended(process)
    assert done.code == 0
    ((labels, _),) = samples["edged_board_info"]
    assert labels["simulated"] == "true"
    results = samples["edged_measurement_net_energy_joules"]
    rails = {"big", "little", "gpu", "mem"}
    assert {labels["rail"] for labels, _ in results} == rails
    assert {labels["model"] for labels, _ in samples["edged_measurement_frames_per_second"]} == {SMALL}
    assert {labels["rail"] for labels, _ in samples["edged_rail_power_watts"]} == {
        "big",
        "little",
        "gpu",
        "mem",
    }


def test_a_simulated_xu4_serves_not_one_joule(config: Path, tmp_path: Path) -> None:
    words = ("--simulate", "xu4", "--engine", "replay", "--speed", "0", "--protocol", "quick")
    with running(*words, config=config, home=tmp_path) as process:
        address = metrics_address(process)
        wait_for(lambda: measured(address))
        samples = scraped(address)
        process.terminate()
        ended(process)
    assert [name for name in samples if "joule" in name or "watt" in name or "_rail_" in name] == []
    ((labels, _),) = samples["edged_board_info"]
    assert labels["power_source"] == "none"


def test_a_replay_without_any_model_file_has_sizes_and_a_memory_front(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text('[models]\ndirectory = "models"\n\n[exposition]\nlisten = "127.0.0.1:0"\n')
    with started("run", *REPLAY, "--speed", "0", "--config", config, env={"HOME": str(tmp_path)}) as process:
        samples = scraped(metrics_address(process))
        process.terminate()
        ended(process)
    assert "edged_model_info" not in samples
    assert {labels["model"]: value for labels, value in samples["edged_model_size_bytes"]} == {
        mobilenet_name(model.alpha, model.precision): model.file_bytes for model in paper.PUBLISHED
    }
    in_memory = [labels for labels, _ in samples["edged_pareto_optimal"] if labels["objective"] == "memory"]
    assert len(in_memory) == 16


def test_real_inference_is_counted_while_it_runs_and_a_request_to_end_ends_it(
    config: Path, tmp_path: Path
) -> None:
    with running(config=config, home=tmp_path) as process:
        address = metrics_address(process)
        wait_for(lambda: any(value > 0 for _, value in scraped(address).get("edged_inferences_total", [])))
        process.terminate()
        done = ended(process)
    assert done.code == 0
    assert "stopped" in done.out


def test_ctrl_c_ends_it(config: Path, tmp_path: Path) -> None:
    with running(*REPLAY, "--speed", "0", "--protocol", "quick", config=config, home=tmp_path) as process:
        metrics_address(process)
        os.killpg(process.pid, signal.SIGINT)
        assert ended(process).code == 0


def test_a_port_that_is_taken_is_an_error_in_words(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        config.write_text(f'[exposition]\nlisten = "{address}"\n')
        done = edged("run", SMALL, *REPLAY, "--config", config, env={"HOME": str(tmp_path)})
    assert done.code == 1
    assert f"exposition.listen: cannot listen on {address}" in done.err
    assert "choose another port, or end what listens there" in done.err
