"""What deploy/FLEET.md and its files say holds for what edged serves, and Prometheus can use them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.rules.conftest import promtool
from tests.integration.rules.promtool import RULE_FILES, run
from tests.system.fleet.boards import address
from tests.system.fleet.full_head import DASHBOARD, dashboard_queries
from tests.system.fleet.recording import PROJECT, recorded

__all__ = ["promtool"]

FILES = PROJECT / "deploy/fleet"
TEXT = (PROJECT / "deploy/FLEET.md").read_text(encoding="utf-8")
_DROPPED = re.compile(r"^\| `(edged_\S+)` \| (\d+) \| (.+) \|$", re.M)
_SHARDS = 4
_TARGETS = 200
# By job.
BOARDS = {"edged": range(_TARGETS), "edged-https": range(_TARGETS, 2 * _TARGETS)}


def dropped() -> list[tuple[str, int, str]]:
    """The rows of the table: a regular expression, the series that it saves, and what is lost."""
    return [(row[0].replace("\\|", "|"), int(row[1]), row[2]) for row in _DROPPED.findall(TEXT)]


def names_served() -> list[str]:
    """The name of each series of a board."""
    served = recorded(100).texts[-1].splitlines()
    return [re.split(r"[{ ]", line)[0] for line in served if not line.startswith("#")]


def shown(begins: str) -> str:
    """The lines of a file that the text shows, which begins so."""
    found = re.findall(rf"^ {{7}}{re.escape(begins)}.*\n(?: {{7}}\S.*\n)*", TEXT, re.M)
    assert len(found) == 1, begins
    return re.sub(r"^ {7}", "", found[0], flags=re.M)


def placed(directory: Path, text: str) -> Path:
    """A configuration of a shard with its rules and boards beside it."""
    (directory / "rules").mkdir()
    (directory / "targets").mkdir()
    for path in (*RULE_FILES, FILES / "edged.fleet.rules.yml"):
        shutil.copy(path, directory / "rules")
    (directory / "secrets").mkdir()
    for job, boards in BOARDS.items():
        targets = [f"{address(board)}:10231" for board in boards]
        (directory / f"targets/{job}.yml").write_text(json.dumps([{"targets": targets}]))
    (directory / "targets/shards.yml").write_text(shown("- targets"))
    # Beside promtool's look at them nobody takes them.
    for name in ("boards-ca.pem", "boards-password", "shards-password"):
        (directory / "secrets" / name).write_text("")
    (directory / "alertmanagers.yml").write_text("[]")
    (directory / "prometheus.yml").write_text(text)
    return directory / "prometheus.yml"


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("name", ["prometheus-shard.yml", "prometheus-fleet.yml"])
def test_prometheus_takes_the_configuration_and_all_rules(name: str, tmp_path: Path) -> None:
    done = run("check", "config", placed(tmp_path, (FILES / name).read_text()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


@pytest.mark.usefixtures("promtool")
def test_each_board_falls_to_one_shard_and_the_shards_are_about_as_large(tmp_path: Path) -> None:
    """Those of both jobs, each in its own."""
    text = (FILES / "prometheus-shard.yml").read_text()
    assert text.count(f"modulus: {_SHARDS}") == text.count('regex: "0"') == 1
    shared: dict[str, list[set[str]]] = {job: [] for job in BOARDS}
    for shard in range(_SHARDS):
        directory = tmp_path / str(shard)
        directory.mkdir()
        config = placed(directory, text.replace('regex: "0"', f'regex: "{shard}"'))
        for job, shares in shared.items():
            done = run("check", "service-discovery", "--timeout=10s", config, job)
            assert done.returncode == 0, done.stderr
            kept = [labels for each in json.loads(done.stdout) if (labels := each["labels"])]
            assert {(labels["job"], labels["__scheme__"]) for labels in kept} == {
                ("edged", "https" if job == "edged-https" else "http")
            }
            shares.append({labels["instance"] for labels in kept})
    for job, shares in shared.items():
        assert set.union(*shares) == {address(board) for board in BOARDS[job]}
        assert sum(map(len, shares)) == _TARGETS
        # A fair share is 50; a binomial distribution is outside 25 to 75 less than once in 10,000 times.
        assert all(25 <= len(boards) <= 75 for boards in shares)


@pytest.mark.usefixtures("promtool")
def test_shards_can_want_a_password_as_the_text_has_it(tmp_path: Path) -> None:
    keys = tmp_path / "stack/keys"
    keys.parent.mkdir()
    shutil.copy(PROJECT / "deploy/stack/keys", keys)
    (words,) = re.findall(r"`stack/keys (\S+ \S+)`", TEXT)
    subprocess.run([keys, *words.split()], capture_output=True, check=True)
    shard = words.split()[0]
    (tmp_path / "secrets").mkdir()
    for suffix in (".pem", ".key"):
        shutil.copy(keys.parent / f"secrets/boards/{shard}{suffix}", tmp_path / "secrets")
    web = tmp_path / "web.yml"
    web.write_text(shown("tls_server_config").replace("$2y$...", f"$2y$10${'a' * 53}"))
    done = run("check", "web-config", web)
    assert done.returncode == 0, done.stdout + done.stderr
    # And the one above can ask with it.
    above = tmp_path / "above"
    above.mkdir()
    text = (FILES / "prometheus-fleet.yml").read_text()
    taken_in, lines = re.subn(r"^    # (scheme|tls_config|basic_auth):", r"    \1:", text, flags=re.M)
    assert lines == 3
    done = run("check", "config", placed(above, taken_in))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_table_says_how_many_series_each_row_saves() -> None:
    rows, names = dropped(), names_served()
    assert len(rows) == 7
    for pattern, series, _ in rows:
        assert sum(bool(re.fullmatch(pattern, name)) for name in names) == series, pattern
    assert f"Series of a full board, of {len(names):,}:" in TEXT
    assert f"All of it is {sum(series for _, series, _ in rows)}: half." in TEXT


def test_nothing_that_is_shipped_asks_for_what_the_shard_drops() -> None:
    (pattern, _, lost), *_ = dropped()
    assert lost == "nothing that a dashboard, rule or alert asks for"
    folded = re.sub(r"\\\n\s+", "", (FILES / "prometheus-shard.yml").read_text())
    assert f'regex: "{pattern}"' in folded
    asking = [*RULE_FILES, *sorted(DASHBOARD.parent.glob("*.json"))]
    asked = {name for path in asking for name in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert not {name for name in names_served() if re.fullmatch(pattern, name)} & asked


def test_no_row_of_the_table_takes_what_rules_and_alerts_need() -> None:
    needed = {name for path in RULE_FILES for name in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    for pattern, _, _ in dropped():
        assert not {name for name in names_served() if re.fullmatch(pattern, name)} & needed, pattern


def test_what_is_federated_is_what_the_fleet_dashboard_asks_for() -> None:
    text = (FILES / "prometheus-fleet.yml").read_text()
    selectors = " ".join(re.findall(r"^ {8}- '(.+)'$", text, re.M))
    patterns = [
        *re.findall(r'__name__=~"([^"]+)"', selectors),
        *re.findall(r"(\b[\w:]+)\{job", selectors),
    ]
    names = {*names_served(), "up", "ALERTS"}
    sent = {name for name in names if any(re.fullmatch(pattern, name) for pattern in patterns)}
    board_dashboard = DASHBOARD.read_text(encoding="utf-8")
    asked = {name for name in names if re.search(rf"\b{name}\{{", board_dashboard)}
    assert sent == asked


def test_the_recorded_panels_are_those_of_the_dashboard() -> None:
    """A rule is its panel's expression, with the job kept and a window for Grafana's."""
    panels = {panel: expression for panel, expression, instant in dashboard_queries() if not instant}
    text = (FILES / "edged.fleet.rules.yml").read_text()
    rules = re.findall(
        r'# Panel "(.+)"\.\n\s+- record: (\S+)\n\s+expr: (?:\|\n)?((?:.*\n)+?)(?=\s+#|\Z)', text
    )
    assert [panel for panel, _, _ in rules] == list(panels)
    for panel, name, expression in rules:
        assert _plain(expression) == _plain(panels[panel]), panel
        assert f"| {panel} | `{name}{{" in TEXT


def _plain(expression: str) -> str:
    """Without space, selection of boards and names of windows."""
    text = re.sub(r"\s+", "", expression)
    for old, new in (
        ('job=~"$job",instance=~"$instance",', ""),
        ('{job=~"$job",instance=~"$instance"}', ""),
        ("$__rate_interval", "5m"),
        ("(job,instance", "(instance"),
    ):
        text = text.replace(old, new)
    return text
