"""Ten boards from nothing to running, changed, refused, and brought back, by `ansible-playbook` alone.

The boards are simulated XU3 in containers with a systemd and an sshd of their own. The tests are in the order
of a fleet's life; each goes on where the one before ended.
"""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.rules.promtool import CONFIGURATION, RULE_FILES
from tests.system.ansible import versions as packages
from tests.system.ansible.boards import NAMES, Board, boards
from tests.system.ansible.control import (
    CONFIG,
    ENCRYPTED,
    PROGRAMS,
    Controller,
    controller,
    new_key,
    watching_commands,
)
from tests.system.vm.errors import GuestFailedError, UnavailableError

FIRST = NAMES[0]
SELDOM = {**CONFIG, "schedule": {"every_s": 7200.0}}
# Where batches are not what is looked at.
AT_ONCE = {"edged_serial": [len(NAMES)]}


@dataclass(frozen=True, slots=True)
class Fleet:
    """The boards, and who controls them."""

    boards: Mapping[str, Board]
    control: Controller


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    if not (PROGRAMS / "ansible-playbook").exists():
        pytest.skip("there is no Ansible in .cache/ansible: make test-ansible brings it")
    directory = tmp_path_factory.mktemp("ansible")
    try:
        offered = packages.at_hand()
        with boards(next(offered.glob("*.deb")), new_key(directory)) as (network, found):
            yield Fleet(found, controller(directory, network, found, offered))
    except UnavailableError as reason:
        pytest.skip(f"ten containers with systemd cannot be had here: {reason}")
    except GuestFailedError as failure:
        pytest.fail(str(failure))


def pids(fleet: Fleet) -> dict[str, str]:
    return {name: board.main_pid() for name, board in fleet.boards.items()}


def test_ten_boards_come_from_nothing_to_running(fleet: Fleet) -> None:
    assert [board.version() for board in fleet.boards.values()] == [""] * 10
    known = fleet.control.secrets
    with watching_commands([known.password, known.hash_, *known.key.splitlines()[1:-1]]) as seen:
        played = fleet.control.play(more={"edged_version": packages.VERSION})
    assert played.code == 0, played.text
    assert {board.version() for board in fleet.boards.values()} == {packages.VERSION}
    assert all(board.ready() for board in fleet.boards.values())
    assert not seen, "a secret stood in a command line"


def test_the_roll_out_began_with_one_board(fleet: Fleet) -> None:
    batches = re.findall(r"^PLAY \[Bring edged", fleet.control.log().replace("| PLAY", "\nPLAY"), re.M)
    # One, a tenth of them, and half, and half of what is left.
    assert len(batches) == 4


def test_a_second_run_changes_nothing(fleet: Fleet) -> None:
    before = pids(fleet)
    played = fleet.control.play(more={"edged_version": packages.VERSION, **AT_ONCE})
    assert played.code == 0, played.text
    assert played.changed == dict.fromkeys(NAMES, 0)
    assert pids(fleet) == before


def test_what_can_hold_at_once_is_reloaded(fleet: Fleet) -> None:
    before = pids(fleet)
    played = fleet.control.play(
        more={
            "edged_version": packages.VERSION,
            "edged_config": SELDOM,
            **AT_ONCE,
        }
    )
    assert played.code == 0, played.text
    assert set(played.changed.values()) != {0}
    assert pids(fleet) == before
    board = fleet.boards[FIRST].machine
    assert "every_s = 7200.0" in board.ask("cat", "/etc/edged/edged.toml")
    assert "read again" in board.ask("journalctl", "--unit=edged", "EDGED_EVENT=reloaded", "--output=cat")


def test_what_takes_a_restart_is_restarted(fleet: Fleet) -> None:
    before = pids(fleet)
    config = {**SELDOM, "journal": {"max_size_mib": 32}}
    words = ("--limit", FIRST)
    played = fleet.control.play(*words, more={"edged_version": packages.VERSION, "edged_config": config})
    assert played.code == 0, played.text
    after = pids(fleet)
    assert {name for name in NAMES if after[name] != before[name]} == {FIRST}
    assert fleet.boards[FIRST].ready()


def test_a_configuration_that_edged_refuses_replaces_nothing(fleet: Fleet) -> None:
    before, board = pids(fleet), fleet.boards[FIRST].machine
    files = ("sh", "-c", "cat /etc/edged/edged.toml; ls -l --time-style=full-iso /etc/edged")
    held = board.ask(*files)
    config = {**CONFIG, "measure": {"protocol": "no-such"}, "schedule": {"every_s": -1.0}}
    played = fleet.control.play(more={"edged_version": packages.VERSION, "edged_config": config})
    assert played.code != 0
    assert played.failed == {FIRST}
    assert set(played.changed) == {FIRST}, "no other board was touched"
    assert "measure.protocol" in played.text
    assert "schedule.every_s" in played.text
    assert board.ask(*files) == held
    assert pids(fleet) == before


def test_a_version_that_does_not_become_ready_ends_at_the_first_board(fleet: Fleet) -> None:
    before = pids(fleet)
    played = fleet.control.play(more={"edged_version": packages.BROKEN, "edged_ready_timeout_s": 30})
    assert played.code != 0
    assert played.failed == {FIRST}
    assert set(played.changed) == {FIRST}, "no other board was touched"
    assert f"edged {packages.VERSION} is there as before, and ready." in " ".join(played.text.split())
    assert {board.version() for board in fleet.boards.values()} == {packages.VERSION}
    assert all(board.ready() for board in fleet.boards.values())
    after = pids(fleet)
    assert {name for name in NAMES if after[name] != before[name]} == {FIRST}


def test_a_good_version_goes_to_all_boards(fleet: Fleet) -> None:
    played = fleet.control.play(more={"edged_version": packages.NEXT, "edged_serial": [1, 9]})
    assert played.code == 0, played.text
    assert {board.version() for board in fleet.boards.values()} == {packages.NEXT}
    assert all(board.ready() for board in fleet.boards.values())


def test_prometheus_scrapes_all_ten_from_the_list_that_the_role_wrote(fleet: Fleet, tmp_path: Path) -> None:
    control = fleet.control
    (tmp_path / "rules").mkdir()
    (tmp_path / "secrets").mkdir()
    shutil.copy(CONFIGURATION, tmp_path / "prometheus.yml")
    for path in RULE_FILES:
        shutil.copy(path, tmp_path / "rules")
    (tmp_path / "targets").symlink_to(control.targets)
    (tmp_path / "alertmanagers.yml").write_text("[]")
    (tmp_path / "secrets/boards-ca.pem").write_text(control.secrets.certificate)
    (tmp_path / "secrets/boards-password").write_text(control.secrets.password)
    words = ("--config.file=prometheus.yml", "--web.listen-address=127.0.0.1:9090")
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            control.network.command("prometheus", *words),
            cwd=tmp_path,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until_s = time.monotonic() + 180
            while len(up := _asked(control, "up == 1")) < len(NAMES) and time.monotonic() < until_s:
                time.sleep(2)
            versions = {row["metric"]["version"] for row in _asked(control, "edged_build_info")}
        finally:
            process.terminate()
            process.wait(60)
    assert sorted(row["metric"]["instance"] for row in up) == list(NAMES), (tmp_path / "log").read_text()
    assert {row["metric"]["job"] for row in up} == {"edged"}
    assert versions == {packages.NEXT}
    assert ENCRYPTED in (control.targets / "edged-https.yml").read_text()


def _asked(control: Controller, query: str) -> list[dict[str, Any]]:
    command = ("promtool", "query", "instant", "--format=json", "http://127.0.0.1:9090", query)
    done = subprocess.run(control.network.command(*command), capture_output=True, text=True, check=False)
    rows: list[dict[str, Any]] = json.loads(done.stdout) if done.returncode == 0 and done.stdout else []
    return rows


def test_no_secret_is_told_to_anybody(fleet: Fleet) -> None:
    secrets = fleet.control.secrets
    assert secrets.in_text(fleet.control.log()) == []
    board = fleet.boards[ENCRYPTED].machine
    assert secrets.in_text(board.run("journalctl", "--no-pager", "--output=json").out) == []
    assert secrets.in_text(board.ask("cat", "/etc/edged/edged.toml")) == [secrets.hash_]
    modes = board.ask("stat", "--format=%a %U:%G %n", "/etc/edged/edged.toml", "/etc/edged/server.key")
    assert modes.splitlines() == [
        "640 root:edged /etc/edged/edged.toml",
        "640 root:edged /etc/edged/server.key",
    ]
