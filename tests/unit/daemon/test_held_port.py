"""An `exposition.listen` that does not count: systemd holds the port."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edged.config.file import parse_config
from edged.daemon.held_port import tell_what_does_not_count

FILE = Path("/etc/edged/edged.toml")


@contextmanager
def held(host: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A socket as systemd passes it, on any free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listening:
        yield listening


def said(text: str, listening: socket.socket | None, caplog: pytest.LogCaptureFixture) -> str:
    """What is logged of a file with `PORT` for the port that is held."""
    port = listening.getsockname()[1] if listening else 10231
    tell_what_does_not_count(parse_config(text.replace("PORT", str(port)), FILE), listening)
    assert all(record.levelname == "WARNING" for record in caplog.records)
    return "\n".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    "text",
    [
        '[exposition]\nlisten = "0.0.0.0:PORT"',
        'exposition.listen = "127.0.0.1:9"',
        'exposition = {listen = "0.0.0.0:PORT"}',
    ],
)
def test_what_is_set_to_elsewhere_is_told(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with held() as listening:
        told = said(text, listening, caplog)
        port = listening.getsockname()[1]
    assert f"does not count, for systemd has edged serve at 127.0.0.1:{port}; have edged.socket" in told
    assert told.startswith("/etc/edged/edged.toml")


def test_the_line_and_what_to_do_are_told(caplog: pytest.LogCaptureFixture) -> None:
    with held() as listening:
        told = said('[exposition]\nlisten = "127.0.0.1:9"', listening, caplog)
    assert told.startswith("/etc/edged/edged.toml:2: exposition.listen is 127.0.0.1:9 and ")
    assert '"Who may read it" in /usr/share/doc/edged/README.md' in told
    assert "systemctl disable --now edged.socket; systemctl restart edged" in told


def test_that_it_is_open_although_the_file_says_the_default_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with held("::") as listening:
        assert "serve at [::]:" in said('exposition.listen = "127.0.0.1:PORT"', listening, caplog)


@pytest.mark.parametrize(
    ("host", "listen"),
    [
        ("127.0.0.1", "127.0.0.1:PORT"),
        ("127.0.0.1", "localhost:PORT"),
        ("0.0.0.0", "0.0.0.0:PORT"),
        ("::", "0.0.0.0:PORT"),
        ("::", "[0:0::]:PORT"),
    ],
)
def test_the_same_place_is_fine(host: str, listen: str, caplog: pytest.LogCaptureFixture) -> None:
    with held(host) as listening:
        assert said(f'exposition.listen = "{listen}"', listening, caplog) == ""


def test_what_nobody_set_is_fine(caplog: pytest.LogCaptureFixture) -> None:
    with held("::") as listening:
        assert said("", listening, caplog) == ""


def test_without_a_socket_from_systemd_it_counts(caplog: pytest.LogCaptureFixture) -> None:
    assert said('exposition.listen = "0.0.0.0:9"', None, caplog) == ""


def test_a_local_socket_is_elsewhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "edged.sock"))
        tell_what_does_not_count(parse_config('exposition.listen = "127.0.0.1:9"', FILE), listening)
    assert "serve at unix:" in caplog.text
