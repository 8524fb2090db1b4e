"""A password, its hash and the key of the certificate stay where they were put."""

import base64
import signal
import ssl
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from edged.exposition.password import hashed
from tests.integration.daemon.living import TIMEOUT_S, Living, living
from tests.integration.exposition.test_tls import pair

_PASSWORD = "correct-horse-battery"
_CONFIG = """
[exposition]
listen = "127.0.0.1:0"
certificate = "{certificate}"
key = "{key}"
users = ["prometheus:{user_hash}"]
[journal]
path = "state/journal.db"
[measure]
protocol = "quick"
"""


class _Asked:
    """A daemon that is asked by HTTPS and password; and everything that it answered."""

    def __init__(self, daemon: Living, certificate: Path) -> None:
        self._daemon = daemon
        context = ssl.create_default_context(cafile=certificate)
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        self._opener = urllib.request.build_opener(*handlers)
        self.answers = ""

    def status(self, path: str, password: str) -> int:
        """What a path answers to a password."""
        request = urllib.request.Request(self._daemon.address + path)
        token = base64.b64encode(f"prometheus:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                self.answers += answer.read().decode() + str(answer.headers)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            self.answers += error.read().decode() + str(error.headers)
            return error.code

    def ready(self) -> bool:
        return self.status("/-/ready", _PASSWORD) == 200


def _of_processes(daemon: Living) -> str:
    """Command lines of the daemon and of its workers, and the workers' environment."""
    pid = daemon.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    paths = [Path(f"/proc/{pid}/cmdline"), *(Path(f"/proc/{each}/cmdline") for each in children)]
    paths += [Path(f"/proc/{each}/environ") for each in children]
    found = ""
    for path in paths:
        try:
            found += path.read_text(errors="replace")
        except OSError:
            continue  # that worker has just ended
    return found


def test_nothing_secret_is_said_served_kept_or_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A shell's leftovers, as of who has just pushed dashboards from it.
    monkeypatch.setenv("EDGED_GRAFANA_TOKEN", "glsa_of_the_shell")
    certificate, key = pair(tmp_path, "server")
    user_hash = hashed(_PASSWORD)
    text = _CONFIG.format(key=key, certificate=certificate, user_hash=user_hash)
    config = tmp_path / "edged.toml"
    config.write_text(text)
    key_lines = [line for line in key.read_text().splitlines() if "-----" not in line]
    secrets = [_PASSWORD, user_hash, user_hash.rpartition("$")[2], "glsa_of_the_shell", *key_lines]
    with living(config, "--simulate", "xu3") as daemon:
        asked = _Asked(daemon, certificate)
        daemon.wait_for(asked.ready)
        daemon.wait_for(lambda: "edged.inference.worker" in _of_processes(daemon))
        running = _of_processes(daemon)
        for path in ("/metrics", "/", "/api/v1/status", "/api/v1/nothing"):
            asked.status(path, _PASSWORD)
        assert asked.status("/metrics", "wrong" + _PASSWORD) == 401
        # A configuration with a mistake in the very line that holds the hash.
        config.write_text(text.replace("prometheus:", "prometheus;"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for(lambda: "exposition.users" in daemon.said)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir()).decode(errors="replace")
    for place, content in {
        "the log": daemon.said,
        "command lines and environments": running,
        "what was served": asked.answers,
        "the journal": kept,
    }.items():
        assert len(content) > 50, place
        assert not [secret for secret in secrets if secret in content], place
