"""The metrics over real sockets."""

import gzip
import http.client
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from edged.clock import SystemClock
from edged.errors import EdgedError
from edged.exposition.address import Address
from edged.exposition.http import MetricsServer
from edged.exposition.ledger import Ledger
from edged.exposition.limits import Limits
from edged.exposition.scrape import registry_of
from edged.exposition.snapshot import Snapshot
from tests.unit.exposition.facts import LABELS, ON_BIG, SNAPSHOT, inferences

LOOPBACK = Address("127.0.0.1", 0)
REGISTRY = registry_of(lambda: SNAPSHOT, SystemClock())


@pytest.fixture(scope="module")
def server() -> Iterator[MetricsServer]:
    with MetricsServer(REGISTRY, LOOPBACK) as server:
        yield server


def ask(
    server: MetricsServer, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(server.address.host, server.address.port, timeout=10)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def say(server: MetricsServer, request: bytes) -> bytes:
    """What comes back for bytes that no client library would send."""
    with socket.create_connection((server.address.host, server.address.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while block := connection.recv(1 << 16):
            answer += block
        return answer


def test_metrics_come_as_text(server: MetricsServer) -> None:
    response, body = ask(server, "/metrics")
    assert response.status == 200
    assert (response.getheader("Content-Type") or "").startswith("text/plain; version=0.0.4")
    assert any(metric.name == "edged_board_info" for metric in parse_text(body.decode()))


def test_metrics_come_as_openmetrics_to_those_who_ask(server: MetricsServer) -> None:
    response, body = ask(server, "/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert (response.getheader("Content-Type") or "").startswith("application/openmetrics-text")
    parsed = parse_openmetrics(body.decode())  # type: ignore[no-untyped-call]
    metrics = {metric.name: metric for metric in parsed}
    assert metrics["edged_board"].type == "info"


def test_metrics_come_compressed_to_those_who_ask(server: MetricsServer) -> None:
    response, body = ask(server, "/metrics", Accept_Encoding="gzip")
    assert response.getheader("Content-Encoding") == "gzip"
    assert b"edged_board_info" in gzip.decompress(body)


def test_the_first_page_links_to_the_metrics(server: MetricsServer) -> None:
    response, body = ask(server, "/")
    assert (response.status, response.getheader("Content-Type")) == (200, "text/html; charset=utf-8")
    assert b'href="/metrics"' in body


def test_a_healthy_server_says_so(server: MetricsServer) -> None:
    assert ask(server, "/-/healthy")[0].status == 200


@pytest.mark.parametrize("path", ["/", "/metrics", "/-/healthy"])
def test_head_gives_the_headers_alone(server: MetricsServer, path: str) -> None:
    answer = say(server, f"HEAD {path} HTTP/1.0\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Type: " in head
    assert body == b""


@pytest.mark.parametrize("path", ["/metric", "/metrics/", "/..", "/favicon.ico"])
def test_other_paths_are_not_found_and_the_right_one_is_named(server: MetricsServer, path: str) -> None:
    response, body = ask(server, path)
    assert response.status == 404
    assert b"/metrics" in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(server: MetricsServer, method: str) -> None:
    response, _ = ask(server, "/metrics", method)
    assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /metrics HTTP/1.0\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", b"413"),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.0\r\n\r\n", b"414"),
        (b"POST /metrics HTTP/1.0\r\nContent-Length: 1000000000\r\n\r\n", b"413"),
        (b"rubbish\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/9.9\r\n\r\n", b"505"),
    ],
)
def test_requests_beyond_the_limits_are_refused(
    server: MetricsServer, request_: bytes, status: bytes
) -> None:
    assert say(server, request_).split()[1] == status


def test_a_client_that_never_finishes_its_request_is_sent_away() -> None:
    with MetricsServer(REGISTRY, LOOPBACK, Limits(request_s=0.1)) as server:
        assert say(server, b"GET /metr").split()[1] == b"408"


def test_clients_that_hold_on_do_not_keep_the_server_from_ending() -> None:
    server = MetricsServer(REGISTRY, LOOPBACK, Limits(request_s=3600, answer_s=3600))
    address = (server.address.host, server.address.port)
    with socket.create_connection(address) as slow, socket.create_connection(address) as idle:
        slow.sendall(b"GET /metr")
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(4) == b"HTTP"
        server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address).close()


def test_a_taken_port_is_an_error_that_names_the_address_and_what_to_do(server: MetricsServer) -> None:
    with pytest.raises(EdgedError) as refused:
        MetricsServer(REGISTRY, server.address)
    said = str(refused.value)
    assert f"cannot listen on {server.address}: Address already in use" in said
    assert "choose another port, or end what listens there" in said


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(EdgedError, match=r"cannot listen on 192\.0\.2\.1:10231: "):
        MetricsServer(REGISTRY, Address("192.0.2.1", 10231))


def test_a_port_is_free_again_after_the_server_has_ended() -> None:
    first = MetricsServer(REGISTRY, LOOPBACK)
    ask(first, "/metrics")
    first.close()
    with MetricsServer(REGISTRY, first.address) as second:
        assert ask(second, "/-/healthy")[0].status == 200


def test_ipv6_is_served() -> None:
    if not socket.has_ipv6:
        pytest.skip("this Python has no IPv6")
    try:
        server = MetricsServer(REGISTRY, Address("::1", 0))
    except EdgedError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    with server:
        assert str(server.address).startswith("[::1]:")
        assert ask(server, "/-/healthy")[0].status == 200


class Counting:
    """A writer that publishes a new snapshot after each inference."""

    def __init__(self) -> None:
        self._ledger = Ledger([ON_BIG])
        self.latest = self._snapshot()

    def count_one(self) -> None:
        self._ledger.apply_inferences(ON_BIG, inferences(0.01))
        self.latest = self._snapshot()

    def _snapshot(self) -> Snapshot:
        return replace(SNAPSHOT, cases=tuple(self._ledger.accounts.values()))


def test_many_scrapes_at_once_each_see_one_consistent_snapshot_while_it_changes() -> None:
    writer = Counting()
    done = threading.Event()
    seen: list[list[tuple[float, float]]] = [[] for _ in range(8)]

    def write() -> None:
        while not done.is_set():
            writer.count_one()

    def scrape(server: MetricsServer, found: list[tuple[float, float]]) -> None:
        for _ in range(10):
            _, body = ask(server, "/metrics")
            values = {
                sample.name: sample.value
                for metric in parse_text(body.decode())
                for sample in metric.samples
                if {**sample.labels, **LABELS} == sample.labels
            }
            found.append((values["edged_inferences_total"], values["edged_inference_duration_seconds_count"]))

    with MetricsServer(registry_of(lambda: writer.latest, SystemClock()), LOOPBACK) as server:
        threads = [threading.Thread(target=scrape, args=(server, found)) for found in seen]
        writing = threading.Thread(target=write)
        for thread in [*threads, writing]:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        writing.join()
    for found in seen:
        assert len(found) == 10
        assert all(total == count for total, count in found)
        assert found == sorted(found)
    assert max(seen)[-1][0] > 0
