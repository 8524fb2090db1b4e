"""What the playbook does before it has logged in to a board, or without: no board is needed for it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.system.ansible.control import PROGRAMS
from tests.system.container.root import PROJECT

DIRECTORY = PROJECT / "deploy/ansible"
README = (DIRECTORY / "README.md").read_text(encoding="utf-8")
HERE = {"ansible_connection": "local", "ansible_python_interpreter": str(PROGRAMS / "python")}
# Nobody listens there.
DEAD = {"ansible_host": "127.0.0.1", "ansible_port": 1}
PEM = "-----BEGIN ..."
ENCRYPTED = {"edged_certificate": PEM, "edged_key": PEM}
USERS = {"edged_users": ["prometheus:hash"], "edged_ready_user": "prometheus", "edged_ready_password": "word"}
CLIENT = {"edged_ready_client_certificate": PEM, "edged_ready_client_key": PEM}

pytestmark = pytest.mark.skipif(
    not (PROGRAMS / "ansible-playbook").exists(),
    reason="there is no Ansible in .cache/ansible: make test-ansible brings it",
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of deploy/ansible without its inventory."""
    made = tmp_path / "ansible"
    shutil.copytree(DIRECTORY, made, ignore=shutil.ignore_patterns("inventory", ".ansible"))
    (made / "inventory").mkdir()
    (made / "targets").mkdir()
    return made


def inventory(directory: Path, boards: Mapping[str, Mapping[str, Any]]) -> None:
    """Write an inventory with these boards, and with this machine as the one where Prometheus is."""
    monitoring = {**HERE, "ansible_become": False, "edged_targets_directory": str(directory / "targets")}
    groups = {
        "edged_boards": {"hosts": boards},
        "edged_monitoring": {"hosts": {"prometheus": monitoring}},
    }
    (directory / "inventory/boards.yml").write_text(json.dumps(groups))


def do(
    directory: Path, *words: str, typed: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command there as somebody would who has Ansible, and has set nothing else."""
    known = {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "HOME": str(directory),
        "LANG": "C.UTF-8",
        "ANSIBLE_NOCOLOR": "1",
    }
    return subprocess.run(
        words,
        cwd=directory,
        env=known | environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        # Without a terminal a password is read from standard input.
        start_new_session=True,
    )


def told(directory: Path, **variables: object) -> str:
    """What is said of a board with these variables. There is no package, so nothing is ever begun on it."""
    (directory / "packages").mkdir(exist_ok=True)
    board = {**HERE, "ansible_become": False, "edged_packages": str(directory / "packages"), **variables}
    inventory(directory, {"xu4-shed": board})
    done = do(directory, "ansible-playbook", "site.yml")
    assert done.returncode != 0
    (said,) = re.findall(r'^fatal: \[xu4-shed\]: FAILED! => .*"msg": (".*")\}$', done.stdout, re.M)
    message: str = json.loads(said)
    return message


def test_the_list_of_boards_needs_no_board(directory: Path) -> None:
    inventory(directory, {"attic": DEAD, "shed": {**DEAD, **ENCRYPTED, "edged_port": 9100}})
    done = do(directory, "ansible-playbook", "site.yml", "--tags", "targets")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"127.0.0.1:10231"' in (directory / "targets/edged.yml").read_text()
    assert '"127.0.0.1:9100"' in (directory / "targets/edged-https.yml").read_text()


def test_an_ipv6_address_has_brackets_in_the_list_of_boards(directory: Path) -> None:
    hosts = {"six": "2001:db8::5", "four": "192.0.2.5", "named": "xu4.example"}
    inventory(directory, {name: {"ansible_host": host} for name, host in hosts.items()})
    done = do(directory, "ansible-playbook", "site.yml", "--tags", "targets")
    assert done.returncode == 0, done.stdout + done.stderr
    targets = re.findall(r'targets: \["(.+)"\]', (directory / "targets/edged.yml").read_text())
    assert targets == ["192.0.2.5:10231", "xu4.example:10231", "[2001:db8::5]:10231"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"edged_listen": ["0.0.0.0:10231", "[::]:10231"]}, 'one address and port, such as "[::]:10231"'),
        ({"edged_listen": "0.0.0.0"}, "one address and port"),
        ({"edged_listen": "0.0.0.0:9100"}, "edged_listen has port 9100, but edged_port is 10231"),
        ({"edged_port": 9100}, "edged_listen has port 10231, but edged_port is 9100"),
        (USERS, "edged_users is set without edged_certificate"),
        ({**USERS, **ENCRYPTED, "edged_ready_password": ""}, "set edged_ready_user and edged_ready_password"),
        ({"edged_certificate": PEM}, "edged_certificate and edged_key need each other"),
        ({"edged_client_ca": PEM, **CLIENT}, "With edged_client_ca set edged_certificate and edged_key"),
        ({"edged_client_ca": PEM, **ENCRYPTED}, "set edged_ready_client_certificate"),
        (
            {"edged_config": {"exposition": {"client_ca": "clients.pem"}}, **ENCRYPTED},
            "set edged_ready_client_certificate",
        ),
        ({"edged_config": {"exposition": {"key": "mine.key"}}}, "are set by edged_users"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_changed(
    directory: Path, variables: dict[str, object], words: str
) -> None:
    assert words in told(directory, **variables)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"edged_listen": "[::]:10231"},
        {"edged_listen": "192.0.2.5:9100", "edged_port": 9100},
        {**USERS, **ENCRYPTED},
        {"edged_client_ca": PEM, **ENCRYPTED, **CLIENT},
    ],
)
def test_what_can_work_is_not_refused(directory: Path, variables: dict[str, object]) -> None:
    assert "has 0 packages of edged" in told(directory, **variables)


def vault(directory: Path) -> None:
    """An inventory with a vault, as README.md has one made."""
    inventory(directory, {"xu4-shed": {**DEAD, "edged_key": "{{ vault_edged_key }}"}})
    path = re.findall(r"^ +ansible-vault create (\S+)", README, re.M)[0]
    secret = (directory / path.replace("edged_encrypted_boards", "edged_boards")).resolve()
    secret.parent.mkdir(parents=True)
    secret.write_text(json.dumps({"vault_edged_key": PEM}))
    (directory / "word").write_text("open\n")
    words = ("--vault-password-file", "word", str(secret))
    done = do(directory, "ansible-vault", "encrypt", *words)
    assert done.returncode == 0, done.stderr


def commands(begins: str) -> list[list[str]]:
    """README.md's command lines that begin so, without their comments."""
    lines = re.findall(rf"^ {{4}}({begins}.*)$", README, re.M)
    return [line.partition(" #")[0].split() for line in lines]


def test_each_command_takes_the_vault_that_the_readme_has_made(directory: Path) -> None:
    vault(directory)
    asking = [words for words in commands("ansible-playbook") if "--ask-vault-pass" in words]
    assert asking
    for words in asking:
        done = do(directory, *words, "--tags", "targets", typed="open\n")
        assert done.returncode == 0, done.stdout + done.stderr
    # Each of the others, once the password's file is named.
    ((_, assignment),) = commands("export")
    name, _, value = assignment.partition("=")
    (directory / Path(value).name).write_text("open\n")
    assert value.startswith("~/"), "which is the copy's directory here"
    plain = [words for words in commands("ansible-playbook") if "--ask-vault-pass" not in words]
    assert len(plain) == 4
    for words in plain:
        done = do(directory, *words, "--tags", "targets", **{name: value})
        assert done.returncode == 0, done.stdout + done.stderr
