"""`edged results`."""

import csv
import io
import json
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from edged.cli.results import results
from edged.cli.since import since_wall_s
from edged.clock import NS_PER_S
from edged.errors import UsageError
from edged.journal.episodes import Episode
from edged.measurement.verdict import Reason
from tests.unit.exposition.facts import ENERGY, measurement, rejected
from tests.unit.journal.records import LIFE, batch, journal


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "edged.toml"
    file.write_text('[journal]\npath = "j.db"\n')
    written = journal(tmp_path / "j.db")
    written.write(
        batch(
            measurement(rails={"big": ENERGY}, finished_wall_s=1_700_000_000.0),
            rejected(Reason.THROTTLED, finished_wall_s=1_700_000_100.0),
            measurement(finished_wall_s=1_360_000_000.0),
        )
    )
    written.close()
    return file


# Debian's click keeps the two streams apart when it is asked to, newer ones always do.
_APART: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


def ask(config: Path, *arguments: str) -> Result:
    result = CliRunner(**_APART).invoke(
        results, ["--config", str(config), *arguments], catch_exceptions=False
    )
    assert result.exit_code == 0
    return result


def test_the_table_has_every_measurement_with_its_verdict(config: Path) -> None:
    table = ask(config).output
    assert "3 measurements" in table
    assert "throttled" in table
    assert "30.0 ± 1.0 mJ" in table
    assert "clock not set" in table
    assert "SIMULATED" not in table


def test_json_and_csv_tell_the_same(config: Path) -> None:
    told = json.loads(ask(config, "--format", "json").stdout)["measurements"]
    rows = list(csv.DictReader(io.StringIO(ask(config, "--format", "csv").stdout)))
    assert len(told) == len(rows) == 3
    assert float(rows[0]["big_net_energy_j"]) == told[0]["rails"]["big"]["net_energy_j"]["value"] == 0.03
    assert rows[1]["reasons"] == "throttled"
    assert rows[2]["big_net_energy_j"] == ""
    assert {row["boot_id"] for row in rows} == {"b00t"}


def test_openmetrics_says_what_it_leaves_out(config: Path) -> None:
    result = ask(config, "--format", "openmetrics")
    assert result.stdout.endswith("# EOF\n")
    assert " 1700000000.000000000\n" in result.stdout
    assert "left out: 1 measurement made before" in result.stderr


def test_every_series_of_openmetrics_gets_the_labels_that_a_scrape_would_add(config: Path) -> None:
    result = ask(config, "--format", "openmetrics", "--label", "job=edged", "--label", "instance=a=b")
    samples = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    assert samples
    assert all('instance="a=b"' in line and 'job="edged"' in line for line in samples)


@pytest.mark.parametrize(
    "label", ["instance", "=x", "2nd=x", "__name__=x", "a-b=x", "model=x", "simulated=false"]
)
def test_a_label_that_cannot_be_added_is_refused(config: Path, label: str) -> None:
    with pytest.raises(UsageError, match="is no label that can be added"):
        ask(config, "--format", "openmetrics", "--label", label)


def test_labels_are_for_openmetrics(config: Path) -> None:
    with pytest.raises(UsageError, match="--label is for OpenMetrics"):
        ask(config, "--label", "instance=x")


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--verdict", "valid"], 2),
        (["--verdict", "throttled"], 1),
        (["--cluster", "little"], 0),
        (["--model", "mobilenet*"], 3),
        (["--since", "2023-01-01"], 3),  # one was made before the clock was set, in the same boot
        (["--since", "2027-01-01"], 0),
        (["--since", "10m"], 0),
    ],
)
def test_filters(config: Path, arguments: list[str], count: int) -> None:
    assert len(json.loads(ask(config, "--format", "json", *arguments).stdout)["measurements"]) == count


def test_an_empty_table_says_what_would_fill_it(config: Path, tmp_path: Path) -> None:
    filtered = ask(config, "--cluster", "little").output
    assert filtered.startswith("0 measurements in ")
    assert "Without --model, --cluster" in filtered
    journal(tmp_path / "j.db.xu4").write(batch())
    empty = ask(config, "--simulated", "xu4").output
    assert empty.startswith("SIMULATED BOARD: 0 measurements in ")
    assert "edged run measures" in empty


def test_what_is_simulated_is_asked_for_by_name(config: Path, tmp_path: Path) -> None:
    journal(tmp_path / "j.db.xu3").write(batch(measurement()))
    assert "SIMULATED BOARD: 1 measurement " in ask(config, "--simulated", "xu3").output


@pytest.mark.parametrize("text", ["", "yesterday", "7", "-7d", "2026-13-01"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no moment"):
        since_wall_s(text, 0.0)


def test_moments() -> None:
    assert since_wall_s("2h", 10_000.0) == 2_800.0
    assert since_wall_s("1970-01-02T00:00:00+00:00", 0.0) == 86_400.0


def test_an_unknown_verdict_is_refused(config: Path) -> None:
    with pytest.raises(UsageError, match="there is no verdict"):
        ask(config, "--verdict", "good")


def test_throttle_episodes_are_shown_in_every_form(tmp_path: Path, config: Path) -> None:
    written = journal(tmp_path / "j.db", replace(LIFE, start_ns=6))
    written.write(batch(episodes=(Episode("big", 10 * NS_PER_S, 12 * NS_PER_S),)))
    written.close()
    table = ask(config, "--episodes").output
    assert "1 throttle episode in" in table
    assert "2.0 s" in table
    (told,) = json.loads(ask(config, "--episodes", "--format", "json").stdout)["episodes"]
    (row,) = csv.DictReader(io.StringIO(ask(config, "--episodes", "--format", "csv").stdout))
    assert (
        (told["cpu_cluster"], told["duration_s"])
        == (row["cpu_cluster"], float(row["duration_s"]))
        == ("big", 2.0)
    )
    # The counters of this write are of monotonic 100 s and wall 1,700,000,100 s; the episode ended at 12 s.
    assert told["end_wall_s"] == 1_700_000_012.0
    assert json.loads(ask(config, "--episodes", "--since", "2024-01-01", "--format", "json").stdout) == {
        "episodes": []
    }


def test_the_daemons_lives_are_shown_with_their_ends(tmp_path: Path, config: Path) -> None:
    written = journal(tmp_path / "j.db", replace(LIFE, start_ns=6))
    written.write(batch(last=True))
    written.close()
    table = ask(config, "--lives").output
    assert "2 starts in" in table
    first, second = json.loads(ask(config, "--lives", "--format", "json").stdout)["lives"]
    assert (first["measurements"], first["ended"]) == (3, False)
    assert (second["measurements"], second["ended"]) == (0, True)
    assert 99 < second["lived_s"] < 100
    assert len(list(csv.DictReader(io.StringIO(ask(config, "--lives", "--format", "csv").stdout)))) == 2


@pytest.mark.parametrize("wrong", [("--verdict", "valid"), ("--format", "openmetrics"), ("--lives",)])
def test_episodes_have_no_verdict_no_openmetrics_and_no_lives(config: Path, wrong: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        ask(config, "--episodes", *wrong)
