"""Bytes that no client library would send: no traceback, no hang, and the next client is answered."""

import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edged.clock import SystemClock
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.limits import Limits
from edged.exposition.scrape import registry_of
from tests.unit.exposition.facts import SNAPSHOT

REGISTRY = registry_of(lambda: SNAPSHOT, SystemClock())
GOOD = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
WORDS = st.sampled_from(
    [
        b"GET",
        b"HEAD",
        b"POST",
        b"get",
        b" ",
        b"  ",
        b"\t",
        b"/",
        b"/metrics",
        b"/-/ready",
        b"?name[]=up",
        b"%00",
        b"%zz",
        b"http://x/",
        b"//x",
        b"*",
        b"HTTP/1.1",
        b"HTTP/1.0",
        b"HTTP/0.9",
        b"HTTP/1.x",
        b"HTTP/99999999999.1",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b":",
        b"Host: x",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999",
        b"Content-Length: x",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: x",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"Expect: 100-continue",
        b"Connection: keep-alive",
        b"Accept: */*;q=x",
        b"Accept-Encoding: gzip;q=1",
        b"Accept: application/openmetrics-text;version=x",
        b"Accept: text/plain;version=1.0.0;escaping=x",
        b"Authorization: Basic \xff",
        b" folded",
        b"a" * 20_000,
    ]
)
REQUESTS = st.one_of(
    st.binary(max_size=200), st.lists(st.one_of(WORDS, st.binary(max_size=5)), max_size=14).map(b"".join)
)


@pytest.fixture(scope="module")
def server() -> Iterator[MetricsServer]:
    with MetricsServer(REGISTRY, Address("127.0.0.1", 0), Limits(request_s=0.2)) as server:
        yield server


def say(server: MetricsServer, said: bytes) -> bytes:
    with socket.create_connection((server.address.host, server.address.port), timeout=60) as client:
        answer = b""
        try:
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
            while block := client.recv(1 << 16):
                answer += block
        except ConnectionError:
            pass  # it was sent away
        return answer


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REQUESTS)
def test_whatever_is_said_it_is_answered_by_http_or_not_at_all(
    server: MetricsServer, caplog: pytest.LogCaptureFixture, said: bytes
) -> None:
    caplog.clear()
    with caplog.at_level(logging.INFO):
        answer = say(server, said)
    assert answer == b"" or answer.startswith(b"HTTP/1."), answer
    assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
    assert say(server, GOOD).startswith(b"HTTP/1.1 200 OK")


def test_a_second_request_on_the_same_connection_is_not_answered(server: MetricsServer) -> None:
    answer = say(server, GOOD + GOOD)
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"Connection: close" in answer


def test_a_request_without_a_version_is_refused_at_once(server: MetricsServer) -> None:
    assert say(server, b"GET /metrics\r\n").startswith(b"HTTP/1.1 400 Bad Request")


@pytest.mark.parametrize("path", ["/metrics", "/-/healthy", "/-/ready", "/nothing", "/"])
def test_every_answer_tells_browsers_to_take_it_for_what_it_is(server: MetricsServer, path: str) -> None:
    head = say(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).partition(b"\r\n\r\n")[0]
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"\r\nServer: edged\r\n" in head + b"\r\n"


def test_a_server_that_is_not_ready_says_why() -> None:
    why: list[str | None] = ["no sensor has been read yet"]
    with MetricsServer(REGISTRY, Address("127.0.0.1", 0), unready=lambda: why[0]) as server:
        asked = b"GET /-/ready HTTP/1.1\r\nHost: x\r\n\r\n"
        refused = say(server, asked)
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert refused.endswith(b"edged is not ready: no sensor has been read yet.\n")
        why[0] = None
        assert say(server, asked).startswith(b"HTTP/1.1 200 OK")
