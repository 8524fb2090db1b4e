"""One board: what would change is told, and what fails has changed nothing, or is taken back.

The tests are in the order of the board's life; each goes on where the one before ended.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.system.ansible import versions as packages
from tests.system.ansible.boards import Board, boards
from tests.system.ansible.control import CONFIG, PROGRAMS, Controller, Played, controller, new_key
from tests.system.vm.errors import GuestFailedError, UnavailableError

NAME = "xu4-shed"
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True, slots=True)
class Client:
    """Who may ask the board.

    Attributes:
        authority: Certificate of who signed.
        certificate: What was signed.
        key: Its private key.
    """

    authority: str
    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class One:
    """The board, and who controls it."""

    board: Board
    control: Controller
    client: Client

    def play(self, *words: str, version: str = packages.VERSION, **more: object) -> Played:
        """Run the playbook."""
        return self.control.play(*words, more={"edged_version": version, **more})

    def state(self) -> tuple[str, ...]:
        """All that a run may change of it."""
        machine = self.board.machine
        files = "ls -lA --time-style=+%s /etc/edged /etc/systemd/system/edged.*.d; sha256sum /etc/edged/*"
        began = [machine.show(unit, "ActiveEnterTimestampMonotonic") for unit in ("edged.socket", "edged")]
        return (self.board.version(), self.board.main_pid(), *began, machine.ask("sh", "-c", files))

    def encrypted(self, **more: object) -> dict[str, Any]:
        """Variables of a board with a certificate and a password."""
        known = self.control.secrets
        return {
            "edged_users": [f"prometheus:{known.hash_}"],
            "edged_ready_user": "prometheus",
            "edged_ready_password": known.password,
            "edged_certificate": known.certificate,
            "edged_key": known.key,
            **more,
        }

    def with_client(self, **more: object) -> dict[str, Any]:
        """Variables of a board that is asked with the client's certificate."""
        return self.encrypted(
            edged_ready_client_certificate=self.client.certificate,
            edged_ready_client_key=self.client.key,
            **more,
        )


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[One]:
    if not (PROGRAMS / "ansible-playbook").exists():
        pytest.skip("there is no Ansible in .cache/ansible: make test-ansible brings it")
    directory = tmp_path_factory.mktemp("ansible")
    try:
        offered = packages.at_hand()
        with boards(next(offered.glob("*.deb")), new_key(directory), [NAME]) as (network, found):
            yield One(found[NAME], controller(directory, network, found, offered), client(directory))
    except UnavailableError as reason:
        pytest.skip(f"a container with systemd cannot be had here: {reason}")
    except GuestFailedError as failure:
        pytest.fail(str(failure))


def client(directory: Path) -> Client:
    """Make an authority, and a certificate that it has signed."""
    for words in (
        ("req", "-x509", *EC, "-days", "30", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem"),
        ("req", *EC, "-subj", "/CN=client", "-keyout", "client.key", "-out", "client.csr"),
        ("x509", "-req", "-in", "client.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "client.pem"),
    ):
        subprocess.run(["openssl", *words], cwd=directory, capture_output=True, check=True)
    return Client(*((directory / name).read_text() for name in ("ca.pem", "client.pem", "client.key")))


def said(played: Played) -> str:
    """All that it printed, without line breaks."""
    return " ".join(played.text.replace("\\n", " ").split())


def test_what_would_come_to_a_fresh_board_is_told(one: One) -> None:
    played = one.play("--check")
    assert played.code == 0, played.text
    assert f"edged {packages.VERSION} would be installed where none was." in said(played)
    assert "+ListenStream=[::]:10231" in played.text
    assert played.changed[NAME] > 0
    assert one.board.version() == ""
    assert one.board.machine.run("ls", "/etc/edged", "/var/cache/edged").out == ""


def test_another_version_that_would_come_is_told(one: One) -> None:
    assert (played := one.play()).code == 0, played.text
    before = one.state()
    played = one.play("--check", version=packages.NEXT)
    assert played.code == 0, played.text
    assert f"edged {packages.NEXT} would be installed in place of {packages.VERSION}" in said(played)
    assert played.changed[NAME] > 0
    assert one.state() == before


def test_options_that_would_be_others_are_told_and_secrets_are_not(one: One) -> None:
    before = one.state()
    played = one.play(
        "--check",
        **one.encrypted(edged_config={**CONFIG, "schedule": {"every_s": 7200.0}}, edged_arguments=[]),
    )
    assert played.code == 0, played.text
    for words in (
        "[schedule]",
        "-every_s = 3600.0",
        "+every_s = 7200.0",
        '+certificate = \\"/etc/edged/server.pem\\"',
        "server.pem, server.key, edged.toml",
        "-ExecStart=/usr/bin/edged run --simulate xu3",
        "edged would be asked to reload",
    ):
        assert words in played.text
    assert played.changed[NAME] > 0
    assert one.state() == before


def test_a_configuration_that_would_be_refused_is_told(one: One) -> None:
    before = one.state()
    played = one.play("--check", edged_config={**CONFIG, "schedule": {"every_s": -1.0}})
    assert played.failed == {NAME}
    assert "schedule.every_s" in played.text
    assert "Nothing was changed: it was only looked what would be." in said(played)
    assert one.state() == before


def test_a_first_certificate_that_edged_refuses_has_changed_nothing(one: One) -> None:
    before = one.state()
    played = one.play(**one.encrypted(edged_key=one.client.key))
    assert played.failed == {NAME}
    assert "/etc/edged/server.key: is not the key of the certificate /etc/edged/server.pem" in said(played)
    assert f"edged {packages.VERSION} is there as before, and ready." in said(played)
    assert one.state() == before


def test_a_wrong_password_ends_it_at_once_and_the_board_is_back_without_encryption(one: One) -> None:
    *_, files = one.state()
    played = one.play(**one.encrypted(edged_ready_password="another"))
    assert played.failed == {NAME}
    assert 'refuses the user "prometheus" (401)' in said(played)
    assert "RETRYING: [xu4-shed]: Ask whether it is ready" not in played.text
    assert f"edged {packages.VERSION} is there as before, and ready." in said(played)
    assert one.board.ready()
    assert one.state()[-1] == files


def test_what_is_in_the_way_of_going_back_is_told(one: One) -> None:
    """The file that it had could not be used any more: edged had read it when it still could."""
    machine = one.board.machine
    machine.ask("sh", "-c", "echo 'what = ' >> /etc/edged/edged.toml")
    played = one.play(**one.encrypted(edged_ready_password="another"))
    assert played.failed == {NAME}
    assert 'refuses the user "prometheus" (401)' in said(played)
    assert f"Going back to edged {packages.VERSION} failed too, at \\" in said(played)
    assert "is there as before, and ready" not in said(played)
    assert (played := one.play()).code == 0, played.text
    assert one.board.ready()


def test_authorities_of_clients_can_be_a_file_that_is_there_already(one: One) -> None:
    """With a relative path, as edged.toml has it; one that edged may not read is refused."""
    machine = one.board.machine
    machine.write("/etc/edged/own.pem", one.client.authority)
    machine.ask("chmod", "600", "/etc/edged/own.pem")
    config = {**CONFIG, "exposition": {"client_ca": "own.pem"}}
    before = one.state()
    played = one.play(**one.with_client(edged_config=config))
    assert played.failed == {NAME}
    assert "exposition.client_ca: /etc/edged/own.pem: cannot be read" in said(played)
    assert one.state() == before
    machine.ask("chmod", "644", "/etc/edged/own.pem")
    played = one.play(**one.with_client(edged_config=config))
    assert played.code == 0, played.text
    assert one.board.ready()


def test_authorities_of_clients_come_with_the_role(one: One) -> None:
    variables = one.with_client(edged_client_ca=one.client.authority)
    assert (played := one.play(**variables)).code == 0, played.text
    machine = one.board.machine
    assert 'client_ca = "/etc/edged/clients.pem"' in machine.ask("cat", "/etc/edged/edged.toml")
    assert (played := one.play(**variables)).code == 0, played.text
    assert played.changed == {NAME: 0}
    asked = "from urllib.request import urlopen; import ssl; c = ssl._create_unverified_context(); "
    asked += "print(urlopen('https://127.0.0.1:10231/-/ready', context=c).status)"
    assert machine.run("python3", "-c", asked).code != 0, "edged answers who has no certificate"


def test_nothing_is_left_behind_and_no_secret_is_told(one: One) -> None:
    machine, log = one.board.machine, one.control.log()
    assert ".candidate" not in machine.ask("ls", "-A", "/etc/edged")
    assert "ready.pem" not in machine.ask("ls", "-A", "/var/cache/edged")
    (line, *_) = one.client.key.splitlines()[1:]
    assert machine.run("grep", "-r", line, "/etc", "/var/cache", "/root").code == 1
    for text in (log, machine.run("journalctl", "--no-pager", "--output=json").out):
        assert line not in text
        assert one.control.secrets.in_text(text) == []
