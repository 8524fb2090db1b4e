"""The Debian way, running: boards good and wrong are scraped, and somebody is told of the wrong ones.

edged, Prometheus, Alertmanager and the receiver are processes and servers of their own, on this machine only.
Prometheus and Alertmanager have what README.md's steps install, with the flags of the drop-ins, in a hurry
(`tests/system/alerts/hurried.py`).
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.scrape import registry_of
from edged.exposition.tls_files import TlsFiles
from tests.integration.cli.command import REPLAY, line_with, started
from tests.system.alerts.hurried import hurried
from tests.system.stack.checkout import PROJECT, copied_to, keys
from tests.system.stack.debian import words_of
from tests.system.stack.servers import Webhook, ask, free_port, receiving, serving, wait_for
from tests.system.stack.test_debian import ALERTMANAGER, PROMETHEUS
from tests.unit.exposition.facts import SNAPSHOT

_PATIENCE_S = 600.0
_WRONG = {
    "off": "connection refused",
    "locked": "server returned HTTP status 401",
    "stranger": "certificate signed by unknown authority",
    "moved": "certificate is valid for …, not …",
    "plain": "server gave HTTP response to HTTPS client",
}


@dataclass(frozen=True, slots=True)
class Board:
    """A board that runs.

    Attributes:
        address: Address and port of its metrics.
        process: It.
    """

    address: str
    process: "subprocess.Popen[str]"


@contextmanager
def board(directory: Path, more: str = "") -> Iterator[Board]:
    """A simulated board, with these further lines of [exposition]."""
    directory.mkdir()
    config = directory / "edged.toml"
    config.write_text(f'[journal]\npath = "journal.db"\n[exposition]\nlisten = "127.0.0.1:0"\n{more}')
    with started("run", *REPLAY, "--config", config, env={"HOME": str(directory)}) as process:
        url = line_with(process, "metrics: ").split()[1]
        assert url.startswith("https:" if more else "http:")
        yield Board(url.split("/")[2], process)


def secured(stack: Path, password: str) -> str:
    """What README.md has a board say, with the certificate for 127.0.0.1 and this password."""
    done = subprocess.run(
        [sys.executable, "-m", "edged", "config", "hash-password"],
        input=password,
        capture_output=True,
        text=True,
        check=True,
    )
    pair = stack / "secrets/boards/shed"
    return f'certificate = "{pair}.pem"\nkey = "{pair}.key"\nusers = ["prometheus:{done.stdout.strip()}"]\n'


@contextmanager
def running(debian: Path, directory: Path) -> Iterator[tuple[str, Webhook]]:
    """Prometheus' address, and who receives."""
    with ExitStack() as exits:
        webhook, webhook_port = exits.enter_context(receiving())
        alertmanager_port, prometheus_port = free_port(), free_port()
        instead = {
            "127.0.0.1:9095": f"127.0.0.1:{webhook_port}",
            "127.0.0.1:9093": f"127.0.0.1:{alertmanager_port}",
            # A wrong password is answered slowly, on purpose.
            "scrape_interval: 750ms": "scrape_interval: 2s",
            "scrape_timeout: 500ms": "scrape_timeout: 2s",
        }
        for path in (debian / "etc/prometheus/edged").rglob("*.yml"):
            text = hurried(path.read_text())
            for usual, this in instead.items():
                text = text.replace(usual, this)
            path.write_text(text)
        addresses = []
        for drop_in, storage, port in (
            (ALERTMANAGER, "--storage.path=alertmanager", alertmanager_port),
            (PROMETHEUS, "--storage.tsdb.path=prometheus", prometheus_port),
        ):
            program, *words = words_of(debian / drop_in)
            kept = [
                word.replace("=/etc/", f"={debian}/etc/")
                for word in words
                if not word.startswith("--web.listen-address=")
            ]
            if not Path(program).exists():
                pytest.skip(f"there is no {program}: apt-get install {Path(program).name}")
            addresses.append(
                exits.enter_context(serving(program, *kept, storage, port=port, directory=directory))
            )
        yield addresses[1], webhook


def targets(prometheus: str) -> dict[str, dict[str, Any]]:
    """What Prometheus says of each board."""
    found = ask(f"{prometheus}/api/v1/targets?state=active")["data"]["activeTargets"]
    return {each["labels"]["instance"]: each for each in found}


def write_targets(path: Path, boards: dict[str, str]) -> None:
    """As a person would."""
    lines = [
        f'- targets: ["{address}"]\n  labels: {{instance: {name}}}\n' for name, address in boards.items()
    ]
    path.write_text("".join(lines))


def told(webhook: Webhook, receiver: str) -> set[tuple[str, str]]:
    """Which alerts of which boards somebody was told of."""
    return {
        (labels["alertname"], labels["instance"])
        for message in tuple(webhook.messages)
        if message.receiver == receiver
        for labels in message.labels
    }


def test_boards_are_scraped_by_name_and_wrong_ones_are_told(
    debian: Path, stack: Path, tmp_path: Path
) -> None:
    assert keys(stack, "shed", "127.0.0.1", "shed.example").returncode == 0
    password = (stack / "secrets/prometheus/boards-password").read_text().strip()
    elsewhere = copied_to(tmp_path / "elsewhere")
    assert keys(elsewhere, "stranger", "127.0.0.1").returncode == 0
    strange = elsewhere / "secrets/boards/stranger"
    with ExitStack() as exits:
        attic = exits.enter_context(board(tmp_path / "attic"))
        shed = exits.enter_context(board(tmp_path / "shed", secured(stack, password)))
        locked = exits.enter_context(board(tmp_path / "locked", secured(stack, "another one")))
        stranger = exits.enter_context(
            MetricsServer(
                registry_of(lambda: SNAPSHOT, SystemClock()),
                Address("127.0.0.1", 0),
                tls=TlsFiles(strange.with_suffix(".pem"), strange.with_suffix(".key")),
            )
        )
        of_targets = debian / "etc/prometheus/edged/targets"
        write_targets(of_targets / "edged.yml", {"off": f"127.0.0.1:{free_port()}"})
        write_targets(
            of_targets / "edged-https.yml",
            {
                "xu4-shed": shed.address,
                "locked": locked.address,
                "stranger": str(stranger.address),
                "moved": shed.address.replace("127.0.0.1", "localhost"),
                "plain": attic.address,
            },
        )
        prometheus, webhook = exits.enter_context(running(debian, tmp_path))

        def value(query: str) -> dict[str, str]:
            found = ask(f"{prometheus}/api/v1/query?query={query}")["data"]["result"]
            return {each["metric"]["instance"]: each["value"][1] for each in found}

        # A board is added: nothing is restarted.
        write_targets(
            of_targets / "edged.yml", {"off": f"127.0.0.1:{free_port()}", "xu3-attic": attic.address}
        )
        good = {"xu3-attic", "xu4-shed"}
        known = good | set(_WRONG)
        wait_for(lambda: set(value('up{job="edged"}')) == known, _PATIENCE_S, "every board was tried")
        wait_for(
            lambda: {name for name, up in value("up").items() if up == "1"} == good,
            _PATIENCE_S,
            "both are up",
        )
        wait_for(
            lambda: set(value("edged_rail_power_watts{rail='big'}")) == good, _PATIENCE_S, "both have watts"
        )

        def says(name: str, words: str) -> bool:
            pattern = re.escape(words).replace("…", ".+")
            return bool(re.search(pattern, targets(prometheus)[name]["lastError"]))

        # README.md says what each of these words means.
        readme = (PROJECT / "deploy/stack/README.md").read_text(encoding="utf-8")
        for name, words in _WRONG.items():
            wait_for(partial(says, name, words), _PATIENCE_S, f"{name}: {words}")
            assert f"| `{words}` |" in readme

        down = {("EdgedBoardDown", name) for name in _WRONG}
        wait_for(lambda: down <= told(webhook, "edged"), _PATIENCE_S, "somebody is told of every wrong board")
        assert not {each for each in told(webhook, "edged") if each[1] in good}

        # Of a board that was simulated while it answered, others are told.
        attic.process.terminate()
        gone = ("EdgedBoardDown", "xu3-attic")
        wait_for(
            lambda: gone in told(webhook, "edged-simulated"), _PATIENCE_S, "the end of the board is told"
        )
        assert gone not in told(webhook, "edged")

        groups = ask(f"{prometheus}/api/v1/rules")["data"]["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        assert len(rules) > 30
        assert [rule["name"] for rule in rules if rule["health"] == "err"] == []
    log = (tmp_path / "prometheus.log").read_text()
    assert password not in log
