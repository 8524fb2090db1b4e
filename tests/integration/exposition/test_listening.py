"""Sockets that listen already, as systemd passes them, and addresses that cannot be listened on."""

import socket
from pathlib import Path

import pytest

from edged.clock import SystemClock
from edged.errors import EdgedError
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.listening import listen
from edged.exposition.scrape import registry_of
from tests.unit.exposition.facts import SNAPSHOT

UNUSED = Address("192.0.2.1", 10231)
REGISTRY = registry_of(lambda: SNAPSHOT, SystemClock())
REQUEST = b"GET /metrics HTTP/1.0\r\n\r\n"


def scraped(client: socket.socket) -> bytes:
    with client:
        client.settimeout(30)
        client.sendall(REQUEST)
        answer = b""
        while block := client.recv(1 << 16):
            answer += block
        return answer


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_given_tcp_socket_is_served_and_its_address_known(host: str) -> None:
    try:
        given = listen(Address(host, 0))
    except EdgedError as error:
        pytest.skip(f"this machine has no {host}: {error}")
    place = given.getsockname()
    with MetricsServer(REGISTRY, UNUSED, listening=given) as server:
        assert server.address == Address(host, place[1])
        assert b"edged_board_info" in scraped(socket.create_connection(place[:2]))


def test_a_given_unix_socket_is_served_and_its_path_known(tmp_path: Path) -> None:
    given = socket.socket(socket.AF_UNIX)
    given.bind(str(tmp_path / "edged.sock"))
    given.listen()
    with MetricsServer(REGISTRY, UNUSED, listening=given) as server:
        assert str(server.address) == f"unix:{tmp_path}/edged.sock"
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(tmp_path / "edged.sock"))
        assert b"edged_board_info" in scraped(client)


def test_who_comes_while_the_server_begins_anew_is_answered_by_the_next_one() -> None:
    kept = listen(Address("127.0.0.1", 0))
    with kept:
        with MetricsServer(REGISTRY, UNUSED, listening=kept.dup()):
            pass
        between = socket.create_connection(kept.getsockname())
        with MetricsServer(REGISTRY, UNUSED, listening=kept.dup()):
            assert scraped(between).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_given_socket_that_does_not_listen_is_refused(kind: socket.SocketKind) -> None:
    with (
        socket.socket(socket.AF_INET, kind) as given,
        pytest.raises(EdgedError, match=r"does not listen for connections; let edged\.socket have"),
    ):
        MetricsServer(REGISTRY, UNUSED, listening=given)


def test_the_number_that_systemd_leaves_in_the_environment_is_not_taken_for_a_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LISTEN_PID", "1")
    with MetricsServer(REGISTRY, Address("127.0.0.1", 0)) as server:
        client = socket.create_connection((server.address.host, server.address.port))
        assert scraped(client).startswith(b"HTTP/1.1 200 OK")


def test_an_address_that_is_not_of_this_machine_says_what_to_choose() -> None:
    said = r"192\.0\.2\.1:10231: Cannot assign requested address; choose an address of this machine"
    with pytest.raises(EdgedError, match=said):
        listen(UNUSED)


def test_a_host_that_nobody_knows_says_what_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(EdgedError, match=r"there is no such host.*name an address of this machine"):
        listen(Address("nowhere.example", 1))


def test_a_port_that_is_not_allowed_says_which_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(EdgedError, match=r"Permission denied; choose a port from 1024 on, or give"):
        listen(Address("127.0.0.1", 80))
