"""One scrape of a full board beside Debian's node_exporter on the same tree, in one run."""

import gzip
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from edged.board.unpack import unpack_dump
from tests.bench.figures import Figure, show
from tests.boards import tree

BOARD = "xu3-mainline"
ROUNDS = 400
SCRAPES_PER_HOUR = 240
COLLECTORS = ("hwmon", "cpufreq", "thermal_zone")  # the last one has the cooling devices too
# As Prometheus 2 asks.
REQUEST = (
    b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
    b"Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5\r\n\r\n"
)


@dataclass(slots=True)
class Served:
    """A server, and what scraping it cost."""

    name: str
    port: int
    pid: int
    times_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    answer: bytes = b""

    def scrape(self) -> None:
        """Scrape it once."""
        start_s = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(REQUEST)
            answer = bytearray()
            while block := client.recv(1 << 18):
                answer += block
        self.times_s.append(time.perf_counter() - start_s)
        self.answer = bytes(answer)

    def cpu_now_s(self) -> float:
        """CPU time of its process so far."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def figures(self) -> list[Figure]:
        """What it was like."""
        head, _, body = self.answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        series = [line for line in gzip.decompress(_unchunked(head, body)).splitlines() if line[:1] != b"#"]
        rss = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        per_hour_s = self.cpu_s / len(self.times_s) * SCRAPES_PER_HOUR
        ordered = sorted(self.times_s)
        return [
            Figure(
                f"{self.name}: median of {len(ordered)} scrapes", f"{statistics.median(ordered) * 1e3:.2f} ms"
            ),
            Figure("  95 of 100 are faster than", f"{ordered[len(ordered) * 95 // 100] * 1e3:.2f} ms"),
            Figure(f"  CPU per hour of {SCRAPES_PER_HOUR} scrapes", f"{per_hour_s:.2f} s"),
            Figure("  resident memory", f"{int(rss[1]) / 1024 if rss else 0:.1f} MiB"),
            Figure("  series; bytes, compressed", f"{len(series)}; {len(body)}"),
        ]


def main() -> None:
    """Print the cost of a scrape beside the peer's."""
    peer = shutil.which("prometheus-node-exporter")
    title = f"One scrape of a full board ({BOARD}, 16 cases measured) beside node_exporter, interleaved"
    with ExitStack() as stack:
        servers = [
            _edged(stack, "edged", []),
            _edged(stack, "edged, each scrape with a new result", ["measured"]),
        ]
        if peer:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            servers.append(_node_exporter(stack, peer, directory))
        for server in servers:
            server.scrape()
            server.times_s.clear()
        begun_s = [server.cpu_now_s() for server in servers]
        for round_ in range(ROUNDS):
            for server in servers if round_ % 2 else reversed(servers):
                server.scrape()
        for server, before_s in zip(servers, begun_s, strict=True):
            server.cpu_s = server.cpu_now_s() - before_s
        figures = [figure for server in servers for figure in server.figures()]
    if peer:
        ours, _, theirs = (statistics.median(server.times_s) for server in servers)
        figures.append(
            Figure("edged's time over node_exporter's", f"{ours / theirs:.2f}", "at most 1", ours <= theirs)
        )
    else:
        figures.append(Figure("node_exporter", "is not here: it is in prometheus-node-exporter"))
    show(title, figures)


def _edged(stack: ExitStack, name: str, arguments: list[str]) -> Served:
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.scrape_server", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    stack.callback(process.terminate)
    assert process.stdout
    return Served(name, int(process.stdout.readline()), process.pid)


def _node_exporter(stack: ExitStack, command: str, directory: Path) -> Served:
    unpack_dump(tree(BOARD), directory, BOARD)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = stack.enter_context(
        subprocess.Popen(
            [
                command,
                f"--path.sysfs={directory}/sys",
                f"--path.procfs={directory}/proc",
                f"--path.rootfs={directory}",
                "--collector.disable-defaults",
                *(f"--collector.{name}" for name in COLLECTORS),
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stderr=subprocess.DEVNULL,
        )
    )
    stack.callback(process.terminate)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            break
    return Served("node_exporter", port, process.pid)


def _unchunked(head: bytes, body: bytes) -> bytes:
    if b"chunked" not in head.lower():
        return body
    whole, rest = bytearray(), body
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        whole += rest[:length]
        rest = rest[length + 2 :] if length else b""
    return bytes(whole)
