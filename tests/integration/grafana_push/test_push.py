"""`edged grafana push` and `check`: what they send, what they say, and that they do nothing twice."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("openapi_core", reason="openapi-core is not installed")
pytest.importorskip("grafana_api", reason="grafana-api is not installed")

from openapi_core import OpenAPI

from edged.grafana.push import read_dashboards
from tests.integration.cli.command import Done, edged
from tests.integration.grafana_push.stand_in import TOKEN, Grafana, serving

DASHBOARDS = Path(__file__).resolve().parents[3] / "dashboards"
PROMETHEUS = "http://prometheus:9090"
Push = Callable[..., Done]


@pytest.fixture
def grafana(shared: Path) -> Iterator[Grafana]:
    """A server that holds everything against the published description."""
    description = json.loads((shared / "grafana" / "openapi.json").read_text(encoding="utf-8"))
    with serving(Grafana(OpenAPI.from_dict(description))) as standing_in:
        yield standing_in
        assert standing_in.violations == []


@pytest.fixture
def push(grafana: Grafana, tmp_path: Path) -> Push:
    token_file = tmp_path / "token"
    token_file.write_text(f"{TOKEN}\n")

    def pushed(*words: str | Path, token: str | None = None) -> Done:
        if token is not None:
            token_file.write_text(token)
        return edged(
            "grafana", "push", grafana.address, "--token-file", token_file, *words, env={"no_proxy": "*"}
        )

    return pushed


def test_a_first_push_makes_folder_data_source_and_dashboards(grafana: Grafana, push: Push) -> None:
    done = push("--prometheus", PROMETHEUS)
    assert (done.code, done.err) == (0, "")
    ours = {each["uid"]: each for each in read_dashboards(DASHBOARDS)}
    assert grafana.folders == {"edged": "edged"}
    assert grafana.dashboards.keys() == ours.keys()
    assert set(grafana.dashboard_folders.values()) == {"edged"}
    left_out = {"id", "version", "templating"}
    for uid, theirs in grafana.dashboards.items():
        assert {k: v for k, v in theirs.items() if k not in left_out} == {
            k: v for k, v in ours[uid].items() if k not in left_out
        }
        chosen, *others = theirs["templating"]["list"]
        shipped, *others_shipped = ours[uid]["templating"]["list"]
        assert others == others_shipped
        assert chosen | {"current": None} == shipped | {"current": None}
    (source,) = grafana.data_sources.values()
    assert (source["type"], source["url"], source["jsonData"]["timeInterval"]) == (
        "prometheus",
        PROMETHEUS,
        "15s",
    )


def test_a_second_push_changes_nothing(grafana: Grafana, push: Push) -> None:
    push("--prometheus", PROMETHEUS)
    grafana.writes.clear()
    done = push("--prometheus", PROMETHEUS)
    assert (done.code, done.out) == (0, "nothing to change\n")
    assert grafana.writes == []


def test_dashboards_open_on_the_data_source_that_was_pushed(grafana: Grafana, push: Push) -> None:
    push("--prometheus", PROMETHEUS)
    (source,) = grafana.data_sources.values()
    assert _opened_on(grafana) == [(source["uid"], source["name"])] * len(grafana.dashboards)


def test_a_push_without_prometheus_leaves_what_dashboards_open_on(grafana: Grafana, push: Push) -> None:
    push("--prometheus", PROMETHEUS)
    before = _opened_on(grafana)
    assert push().out == "nothing to change\n"
    for dashboard in grafana.dashboards.values():
        dashboard["refresh"] = "99m"
    assert push().code == 0
    assert _opened_on(grafana) == before


def test_a_dry_run_shows_that_dashboards_would_open_on_the_data_source(grafana: Grafana, push: Push) -> None:
    push()
    grafana.writes.clear()
    done = push("--dry-run", "--prometheus", PROMETHEUS)
    assert "+ templating.list.[datasource].current: " in done.out
    assert "edged-prometheus" in done.out
    assert grafana.writes == []
    assert push("--prometheus", PROMETHEUS).code == 0
    assert push("--prometheus", PROMETHEUS).out == "nothing to change\n"


def test_dashboards_from_files_of_the_server_are_not_wrong_for_what_they_open_on(
    grafana: Grafana, push: Push
) -> None:
    push()
    grafana.provisioned = set(grafana.dashboards)
    grafana.writes.clear()
    assert push("--prometheus", PROMETHEUS).code == 0
    assert grafana.writes == ["POST /datasources"]


def _opened_on(grafana: Grafana) -> list[tuple[str, str]]:
    """Uid and name of the data source that each dashboard opens on."""
    opened = [dashboard["templating"]["list"][0]["current"] for dashboard in grafana.dashboards.values()]
    return [(each["value"], each["text"]) for each in opened]


def test_a_dry_run_shows_the_difference_and_changes_nothing(grafana: Grafana, push: Push) -> None:
    push()
    grafana.writes.clear()
    changed = next(iter(grafana.dashboards.values()))
    before, changed["refresh"] = changed["refresh"], "99m"
    done = push("--dry-run", "--prometheus", PROMETHEUS)
    assert done.code == 0
    assert f'~ refresh: "99m" → "{before}"' in done.out
    assert f"would change dashboard {changed['title']}" in done.out
    assert "would make data source" in done.out
    assert grafana.writes == []


def test_what_somebody_has_changed_in_grafana_is_put_right(grafana: Grafana, push: Push) -> None:
    push("--prometheus", PROMETHEUS)
    uid, changed = next(iter(grafana.dashboards.items()))
    changed["panels"] = []
    grafana.dashboard_folders[uid] = ""
    (source,) = grafana.data_sources.values()
    source["url"] = "http://elsewhere"
    source["jsonData"]["queryTimeout"] = "10s"
    grafana.writes.clear()
    assert push("--prometheus", PROMETHEUS).code == 0
    assert grafana.dashboards[uid]["panels"]
    assert grafana.dashboard_folders[uid] == "edged"
    (source,) = grafana.data_sources.values()
    assert source["url"] == PROMETHEUS
    assert source["jsonData"]["queryTimeout"] == "10s", "what edged has nothing to say about stays"
    assert len(grafana.writes) == 2


def test_without_prometheus_no_data_source_is_touched(grafana: Grafana, push: Push) -> None:
    assert push().code == 0
    assert grafana.data_sources == {}


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (403, "Permissions needed: dashboards:create", ("does not allow this token", "Editor")),
        (404, "Folder not found", ("has not got", "address")),
        (412, "The dashboard has been changed by someone else", ("another version", "push again")),
        (400, "Cannot save provisioned dashboard", ("provisioned", "files")),
        (500, "database is locked", ("failed itself", "log")),
    ],
)
def test_a_refusal_is_told_in_words(
    status: int, said: str, words: tuple[str, ...], grafana: Grafana, push: Push
) -> None:
    grafana.folders["edged"] = "edged"
    grafana.refuse = (status, said)
    done = push()
    assert done.code == 1
    for word in (*words, said):
        assert word in done.err


def test_a_wrong_token_is_told_and_not_shown(push: Push) -> None:
    done = push(token="glsa_wrong")
    assert done.code == 1
    assert "does not know this token" in done.err
    assert "glsa_wrong" not in done.err + done.out


def test_a_provisioned_dashboard_is_told_before_anything_is_written(grafana: Grafana, push: Push) -> None:
    push()
    grafana.provisioned = {next(iter(grafana.dashboards))}
    for dashboard in grafana.dashboards.values():
        dashboard["refresh"] = "99m"
    grafana.writes.clear()
    done = push()
    assert done.code == 1
    assert "it is provisioned" in done.err
    assert grafana.writes == []


def test_a_server_that_is_down_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = edged("grafana", "push", address, env={"EDGED_GRAFANA_TOKEN": TOKEN, "no_proxy": "*"})
    assert done.code == 1
    assert "nobody answers" in done.err
    assert address in done.err


def test_without_a_token_nothing_is_sent(grafana: Grafana) -> None:
    done = edged("grafana", "push", grafana.address, env={"EDGED_GRAFANA_TOKEN": ""})
    assert done.code == 2
    assert "EDGED_GRAFANA_TOKEN" in done.err


@pytest.mark.parametrize("word", ["glsa_half\nhalf", "glsa_half half", "glsa_h\u00e4lf", "glsa_half\x7f"])
def test_what_is_no_token_is_refused_and_not_shown(word: str, grafana: Grafana, push: Push) -> None:
    for done in (
        edged("grafana", "push", grafana.address, env={"EDGED_GRAFANA_TOKEN": word, "no_proxy": "*"}),
        push(token=word),
    ):
        assert done.code == 2
        assert "one word of ASCII" in done.err
        assert "glsa" not in done.err + done.out


@pytest.mark.parametrize(
    "address", ["grafana:3000", "http://", "http://admin:secret@grafana", "http://grafana:x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    done = edged("grafana", "check", address)
    assert done.code == 2
    assert "http://HOST:3000" in done.err


@pytest.mark.parametrize(("version", "code"), [("11.5.0", 0), ("13.0.1", 0), ("11.4.2", 1), ("10.4.0", 1)])
def test_check_says_whether_a_server_shows_every_panel(version: str, code: int, grafana: Grafana) -> None:
    grafana.version = version
    done = edged("grafana", "check", grafana.address, env={"no_proxy": "*"})
    assert done.code == code
    assert version in done.out + done.err
    assert ("too old" in done.out) == (code == 1)


def test_a_server_that_hides_its_version_cannot_be_checked(grafana: Grafana) -> None:
    grafana.version = ""
    done = edged("grafana", "check", grafana.address, env={"no_proxy": "*"})
    assert done.code == 1
    assert "does not tell its version" in done.err
