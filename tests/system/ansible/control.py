"""The controller: a copy of deploy/ansible with an inventory of the boards, secrets, and ansible-playbook."""

import json
import os
import re
import secrets
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edged.exposition.password import hashed
from tests.system.ansible.boards import Board
from tests.system.ansible.network import Network
from tests.system.container.root import PROJECT

PROGRAMS = PROJECT / ".cache/ansible/bin"
# The one that has a certificate and a password.
ENCRYPTED = "xu3-10"
# Ten boards share two cores: they measure little, and seldom.
CONFIG: dict[str, dict[str, Any]] = {
    "measure": {"precisions": ["int8"], "protocol": "quick"},
    "schedule": {"every_s": 3600.0},
}
_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.M)
_TIME_LIMIT_S = 3600.0


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a run.

    Attributes:
        code: Its exit code.
        text: All that it printed.
        changed: Changes by board; boards that were not touched are not in it.
        failed: Boards that failed.
    """

    code: int
    text: str
    changed: dict[str, int]
    failed: set[str]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody but the boards may see.

    Attributes:
        password: Of the user prometheus.
        hash_: Of that password.
        key: Private key of the certificate.
        certificate: No secret.
    """

    password: str
    hash_: str
    key: str
    certificate: str

    def in_text(self, text: str) -> list[str]:
        """Those that a text has in it."""
        lines = [line for line in self.key.splitlines() if not line.startswith("-----")]
        return [each for each in (self.password, self.hash_, *lines) if each in text]


@dataclass(slots=True)
class Controller:
    """Where ansible-playbook runs.

    Attributes:
        directory: A copy of deploy/ansible.
        network: Where the boards are.
        secrets: The vault's.
    """

    directory: Path
    network: Network
    secrets: Secrets

    @property
    def targets(self) -> Path:
        """Where the list of targets is written."""
        return self.directory / "targets"

    def play(self, *words: str, more: Mapping[str, Any] | None = None) -> Played:
        """Run the playbook, and tell as much as Ansible tells with -v and --diff.

        Args:
            words: Further words of the command line.
            more: Variables that are not in the inventory.
        """
        extra = ["--extra-vars", json.dumps(more)] if more else []
        command = [str(PROGRAMS / "ansible-playbook"), "-v", "--diff", "site.yml", *extra, *words]
        environment = {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "HOME": str(self.directory),
            "LANG": "C.UTF-8",
            "ANSIBLE_LOG_PATH": str(self.directory / "log"),
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.directory / "vault-password"),
            "ANSIBLE_NOCOLOR": "1",
        }
        done = subprocess.run(
            self.network.command(*command),
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_S,
            check=False,
        )
        text = done.stdout + done.stderr
        rows = _RECAP.findall(text)
        return Played(
            done.returncode,
            text,
            {name: int(changed) for name, changed, _, _ in rows if name != "prometheus"},
            {name for name, _, unreachable, failed in rows if int(unreachable) + int(failed)},
        )

    def log(self) -> str:
        """Ansible's own log of all runs."""
        return (self.directory / "log").read_text()


def controller(directory: Path, network: Network, boards: Mapping[str, Board], packages: Path) -> Controller:
    """Make one.

    Args:
        directory: Where it goes.
        network: Where the boards are.
        boards: By name. One that is called `ENCRYPTED` has a certificate and a password.
        packages: Directory of the packages.
    """
    here = directory / "ansible"
    shutil.copytree(PROJECT / "deploy/ansible", here, ignore=shutil.ignore_patterns("inventory", ".ansible"))
    found = _secrets(directory, boards.get(ENCRYPTED, next(iter(boards.values()))).address)
    made = Controller(here, network, found)
    made.targets.mkdir()
    (here / "vault-password").write_text(secrets.token_hex(16))
    inventory = here / "inventory"
    (inventory / "group_vars/edged_boards").mkdir(parents=True)
    hosts = {name: {"ansible_host": board.address} for name, board in boards.items()}
    here_too = {"ansible_connection": "local", "ansible_python_interpreter": str(PROGRAMS / "python")}
    monitoring = {
        "prometheus": {**here_too, "ansible_become": False, "edged_targets_directory": str(made.targets)}
    }
    _write(
        inventory / "boards.yml",
        {"edged_boards": {"hosts": hosts}, "edged_monitoring": {"hosts": monitoring}},
    )
    accept = "-o StrictHostKeyChecking=accept-new"
    _write(
        inventory / "group_vars/edged_boards/main.yml",
        {
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(directory / "key"),
            "ansible_ssh_common_args": f"{accept} -o UserKnownHostsFile={directory}/hosts",
            "edged_packages": str(packages),
            "edged_listen": "[::]:10231",
            # A container has no sensors.
            "edged_arguments": ["--simulate", "xu3"],
            "edged_ready_timeout_s": 600,
            "edged_config": CONFIG,
        },
    )
    if ENCRYPTED in boards:
        _encrypt_one(made)
    return made


def _encrypt_one(made: Controller) -> None:
    """Give one board a certificate and a password, from a vault."""
    found, of_one = made.secrets, made.directory / f"inventory/host_vars/{ENCRYPTED}"
    of_one.mkdir(parents=True)
    _write(
        of_one / "main.yml",
        {
            "edged_users": ["prometheus:{{ vault_hash }}"],
            "edged_ready_user": "prometheus",
            "edged_ready_password": "{{ vault_password }}",
            "edged_certificate": found.certificate,
            "edged_key": "{{ vault_key }}",
        },
    )
    _write(
        of_one / "vault.yml",
        {"vault_password": found.password, "vault_hash": found.hash_, "vault_key": found.key},
    )
    _do(
        [str(PROGRAMS / "ansible-vault"), "encrypt", str(of_one / "vault.yml")],
        {"ANSIBLE_VAULT_PASSWORD_FILE": str(made.directory / "vault-password")},
    )


def new_key(directory: Path) -> str:
    """Make the key that the controller logs in with; its public half."""
    _do(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / "key")])
    return (directory / "key.pub").read_text()


@contextmanager
def watching_commands(needles: Sequence[str]) -> Iterator[set[str]]:
    """Look at the command lines of all processes, those in containers too.

    Args:
        needles: What none should have in it.

    Yields:
        Those that have.
    """
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if any(needle in words for needle in needles):
                    seen.add(words)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _secrets(directory: Path, address: str) -> Secrets:
    password = secrets.token_urlsafe(24)
    key, certificate = directory / "server.key", directory / "server.pem"
    _do(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "30", "-subj", "/CN=board", "-addext", f"subjectAltName=IP:{address}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ]
    )
    return Secrets(password, hashed(password), key.read_text(), certificate.read_text())


def _write(path: Path, what: object) -> None:
    # JSON is YAML, and needs no package.
    path.write_text(json.dumps(what, indent=1))


def _do(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr}"
