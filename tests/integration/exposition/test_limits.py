"""Slow clients and many clients."""

import os
import re
import resource
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.limits import Limits
from edged.exposition.scrape import registry_of
from tests.unit.exposition.facts import SNAPSHOT

LOOPBACK = Address("127.0.0.1", 0)
REGISTRY = registry_of(lambda: SNAPSHOT, SystemClock())
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
CLIENTS = 1_000
# A slow client would hold on for so long if it did not have to give way.
PATIENT = Limits(request_s=600, answer_s=600, grace_s=0.1)
LARGE = bytes(4 << 20)


def large(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
    start_response("200 OK", [("Content-Length", str(len(LARGE)))])
    return [LARGE]


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    with MetricsServer(REGISTRY, LOOPBACK, PATIENT, routes={"/large": large}) as server:
        yield server


def connect(server: MetricsServer) -> socket.socket:
    return socket.create_connection((server.address.host, server.address.port), timeout=60)


def how_many() -> int:
    """As many clients as this process may have, with the server's ends of their connections."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(CLIENTS, most - PATIENT.connections - 100)


def resident_mib() -> float:
    match = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert match
    return int(match[1]) / 1024


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def read_all(clients: list[socket.socket]) -> list[bytes]:
    """What each of them gets, all read side by side."""
    answers = {client: bytearray() for client in clients}
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(timeout=60)
            assert ready, "nothing came for a minute"
            for key, _ in ready:
                ready_client = key.fileobj
                assert isinstance(ready_client, socket.socket)
                block = ready_client.recv(1 << 16)
                answers[ready_client] += block
                if not block:
                    selector.unregister(ready_client)
    return [bytes(answer) for answer in answers.values()]


@contextmanager
def holding_on(
    server: MetricsServer, begun: bytes, each: Callable[[socket.socket], object]
) -> Iterator[None]:
    """Clients that do something again and again, and never come to an end."""
    done = threading.Event()
    with ExitStack() as stack:
        slow = []
        for _ in range(how_many()):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((server.address.host, server.address.port))
            client.sendall(begun)
            client.setblocking(False)
            slow.append(client)

        def go_on() -> None:
            while not done.wait(0.05):
                for client in slow:
                    try:
                        each(client)
                    except OSError:
                        continue  # nothing to read yet, or the server has ended it

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


SLOW: dict[str, tuple[bytes, Callable[[socket.socket], object]]] = {
    "send nothing": (b"", lambda _: None),
    "send a byte at a time": (b"", lambda client: client.send(b"G")),
    "send headers for ever": (b"GET / HTTP/1.1\r\n", lambda client: client.send(b"a: b\r\n")),
    "read a byte at a time": (b"GET /large HTTP/1.1\r\n\r\n", lambda client: client.recv(1)),
}


@pytest.mark.parametrize("what", SLOW)
def test_a_good_client_is_answered_while_a_thousand_slow_ones_hang_on(
    server: MetricsServer, what: str
) -> None:
    before_mib = resident_mib()
    with holding_on(server, *SLOW[what]), connect(server) as client:
        client.sendall(REQUEST)
        (answer,) = read_all([client])
        held_mib = resident_mib() - before_mib
    print(f"{how_many()} clients that {what}: resident memory grew by {held_mib:.1f} MiB")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"edged_board_info" in answer
    assert held_mib < 64


def test_a_client_that_dribbles_is_ended_at_its_deadline_all_the_same() -> None:
    with MetricsServer(REGISTRY, LOOPBACK, Limits(request_s=0.2)) as server, connect(server) as client:
        client.settimeout(0.02)
        answer = b""
        while not answer:
            client.send(b"G")
            try:
                answer = client.recv(100)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout")


def test_a_client_that_does_not_take_its_answer_is_ended_at_its_deadline() -> None:
    limits = Limits(answer_s=0.2)
    with (
        MetricsServer(REGISTRY, LOOPBACK, limits, routes={"/large": large}) as server,
        connect(server) as client,
    ):
        client.sendall(b"GET /large HTTP/1.1\r\n\r\n")
        assert client.recv(1) == b"H"
        for _ in range(600):
            if not server._front._tasks:
                break
            threading.Event().wait(0.1)
        assert not server._front._tasks


def test_an_answer_that_was_not_taken_in_time_is_cut_off_and_nothing_is_put_behind_it() -> None:
    limits = Limits(answer_s=0.4)
    with (
        MetricsServer(REGISTRY, LOOPBACK, limits, routes={"/large": large}) as server,
        connect(server) as client,
    ):
        client.sendall(b"GET /large HTTP/1.1\r\n\r\n")
        threading.Event().wait(1.5 * limits.answer_s)
        answer = bytearray()
        with suppress(ConnectionError):
            while block := client.recv(1 << 16):
                answer += block
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b"408" not in answer


def test_a_thousand_scrapes_at_once_are_all_right_and_memory_and_descriptors_stay_bounded() -> None:
    with MetricsServer(REGISTRY, LOOPBACK, latest=lambda: SNAPSHOT) as server:
        count = how_many()
        before_mib, before = resident_mib(), descriptors()
        with ExitStack() as stack:
            clients = []
            for _ in range(count):
                clients.append(stack.enter_context(connect(server)))
                clients[-1].sendall(REQUEST)
            most = descriptors() - before - count
            answers = read_all(clients)
        after_mib = resident_mib()
    held_mib = sum(map(len, answers)) / (1 << 20)
    print(
        f"{count} scrapes at once: {most} descriptors; resident memory {before_mib:.1f} MiB before, "
        f"{after_mib:.1f} MiB after, of which the answers kept by this test are {held_mib:.1f}"
    )
    for answer in answers:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert f"Content-Length: {len(body)}\r\n".encode() in head
        assert b"edged_board_info" in body
    assert most <= PATIENT.connections + 10
    assert after_mib - before_mib - held_mib < 48


def test_when_there_is_no_room_the_oldest_that_waits_gives_way() -> None:
    limits = Limits(request_s=600, connections=3, grace_s=0)
    with MetricsServer(REGISTRY, LOOPBACK, limits) as server, ExitStack() as stack:
        waiting = [stack.enter_context(connect(server)) for _ in range(4)]
        assert read_all([waiting[0]]) == [b""]
        waiting[2].sendall(REQUEST)
        assert read_all([waiting[2]])[0].startswith(b"HTTP/1.1 200 OK")
