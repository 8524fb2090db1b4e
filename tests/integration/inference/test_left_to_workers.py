"""What Landlock leaves to a worker on older kernels and on this one, and that the README says so."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edged.inference.landlock import landlock_version

# The kernel that each version came with (userspace-api/landlock).
KERNELS = {1: "5.13", 3: "6.2", 4: "6.7", 6: "6.12"}
README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
# What native code could try, since when Landlock stops it (None: never), and what the README calls it.
TRIED = [
    ("open('secret').read()", 1, "reads Python, the engine and the model"),
    ("open('secret', 'r+').close()", 1, "writes no file"),
    ("os.unlink('secret')", 1, "writes no file"),
    ("os.execv('/bin/true', ['true'])", 1, "starts no program"),
    ("open(f'/proc/{os.getppid()}/environ').read()", 1, "looks into the daemon's memory"),
    ("os.truncate('secret', 0)", 3, "empties no file"),
    ("socket.create_connection(('127.0.0.1', int(sys.argv[2])))", 4, "TCP"),
    ("socket.create_server(('127.0.0.1', 0))", 4, "TCP"),
    ("os.kill(os.getppid(), 0)", 6, "signals nobody"),
    ("socket.socket(socket.AF_UNIX).connect(chr(0) + sys.argv[3])", 6, "abstract Unix socket"),
    ("socket.socket(socket.AF_UNIX).connect('socket')", None, "Unix socket that lies in the file system"),
    ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))", None, "UDP"),
    ("os.chmod('.', 0o700)", None, "modes and times"),
    ("os.stat('secret')", None, "how long a file is"),
    ("os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))", None, "moves the daemon"),
    ("os.fork() or (os.setsid(), os._exit(0))", None, "leaves a process behind"),
]
# The beginning of a worker, as if this kernel knew an older Landlock.
CONFINED = """\
import ctypes, os, socket, sys
import edged.inference.landlock as landlock
landlock.landlock_version = lambda: int(sys.argv[1])
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
landlock.keep_only(landlock.python_and_libraries())
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, str]]:
    """A directory with a file and a socket in it, a TCP port, and the name of an abstract socket."""
    directory = tmp_path_factory.mktemp("place")
    with ExitStack() as exits:
        tcp = exits.enter_context(socket.create_server(("127.0.0.1", 0)))
        name = f"edged-{tcp.getsockname()[1]}"
        for address in (str(directory / "socket"), f"\0{name}"):
            local = exits.enter_context(socket.socket(socket.AF_UNIX))
            local.bind(address)
            local.listen()
        yield directory, tcp.getsockname()[1], name


@pytest.mark.parametrize("version", KERNELS)
@pytest.mark.parametrize(("statement", "since", "words"), TRIED, ids=[each[0] for each in TRIED])
def test_it_stops_what_the_readme_says(
    place: tuple[Path, int, str], statement: str, since: int | None, words: str, version: int
) -> None:
    if landlock_version() < version:
        pytest.skip(f"this kernel has version {landlock_version()} of Landlock, not {version}")
    directory, port, name = place
    (directory / "secret").write_text("secret")
    command = [sys.executable, "-c", CONFINED + statement, str(version), str(port), name]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    stopped = since is not None and version >= since
    assert ("PermissionError" in done.stderr) == stopped, done.stderr
    assert done.returncode == (1 if stopped else 0), done.stderr
    stops, left = _row()
    assert words in stops + left
    if since:
        assert f"Linux {KERNELS[since]}" in stops
    else:
        assert words in left.partition("On every kernel")[2].partition("Before Linux")[0]


def _row() -> tuple[str, str]:
    """What stops a malicious model, and what is left to it."""
    row = re.search(r"^\| a malicious model file \|.*$", README, re.MULTILINE)
    assert row
    _, _, _, stops, left, _ = row[0].split("|")
    return stops, left
