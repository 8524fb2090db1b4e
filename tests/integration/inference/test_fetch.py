"""Fetching a model ends with a whole, checked file or with a clear error and nothing left behind."""

import gzip
import hashlib
import io
import socket
import tarfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from edged.errors import EdgedError
from edged.inference import archive as archives
from edged.inference import download as downloads
from edged.inference.build import build_model
from edged.inference.download import Received, download
from edged.inference.fetch import fetch
from edged.inference.hosted_files import HostedFile
from tests.integration.inference.archive_server import Behaviour, archive, serving

NAME = "mobilenet_v1_0.25_224_quant"
MEMBER = f"{NAME}.tflite"


class PatientClock:
    """Pauses cost nothing, and are counted."""

    def __init__(self) -> None:
        self.slept_s: list[float] = []

    def monotonic_ns(self) -> int:
        return 0

    def wall_s(self) -> float:
        return 0.0

    def sleep(self, duration_s: float) -> None:
        self.slept_s.append(duration_s)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@cache
def model() -> bytes:
    return build_model("0.25", "int8")


@cache
def good_archive() -> bytes:
    """As hosted: names begin with `./`, and other files lie beside the model."""
    return archive(("./checkpoint.ckpt", bytes(9999)), (f"./{MEMBER}", model()), ("./info.txt", b"info"))


def hosted(content: bytes) -> HostedFile:
    return HostedFile(NAME, f"2018/{NAME}.tgz", hashlib.sha256(content).hexdigest(), MEMBER)


@pytest.fixture
def server() -> Iterator[tuple[Behaviour, str]]:
    behaviour = Behaviour(good_archive())
    with serving(behaviour) as url:
        yield behaviour, url


def _fetch(url: str, directory: Path, content: bytes | None = None) -> Path:
    return fetch(hosted(content or good_archive()), directory, PatientClock(), base_url=url)


def _left_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def test_a_model_is_fetched_checked_and_unpacked(server: tuple[Behaviour, str], tmp_path: Path) -> None:
    behaviour, url = server
    steps: list[Received] = []
    path = fetch(hosted(good_archive()), tmp_path, PatientClock(), steps.append, url)
    assert path == tmp_path / "published" / MEMBER
    assert path.read_bytes() == model()
    assert _left_in(tmp_path) == [MEMBER]
    assert steps[-1] == Received(len(good_archive()), len(good_archive()))
    assert behaviour.requests == [(f"/models/2018/{NAME}.tgz", "")]


def test_a_model_that_is_there_is_not_asked_for_again(server: tuple[Behaviour, str], tmp_path: Path) -> None:
    behaviour, url = server
    assert _fetch(url, tmp_path) == _fetch(url, tmp_path)
    assert len(behaviour.requests) == 1


def test_a_download_goes_on_where_the_connection_was_cut(
    server: tuple[Behaviour, str], tmp_path: Path
) -> None:
    behaviour, url = server
    behaviour.cuts = [1000, 50_000]
    assert _fetch(url, tmp_path).read_bytes() == model()
    assert [asked for _, asked in behaviour.requests] == ["", "bytes=1000-", "bytes=51000-"]


def test_the_next_command_goes_on_where_the_last_one_gave_up(
    server: tuple[Behaviour, str], tmp_path: Path
) -> None:
    behaviour, url = server
    behaviour.cuts = [1000] * downloads.TRIES
    with pytest.raises(EdgedError, match="connection ended after 4000 of") as failure:
        _fetch(url, tmp_path)
    assert "after the 4000 bytes" in failure.value.remedy
    assert _left_in(tmp_path) == [f"{NAME}.tgz.part"]
    assert _fetch(url, tmp_path).read_bytes() == model()
    assert behaviour.requests[-1][1] == "bytes=4000-"
    assert _left_in(tmp_path) == [MEMBER]


def test_a_server_that_cannot_continue_sends_all_of_it_again(
    server: tuple[Behaviour, str], tmp_path: Path
) -> None:
    behaviour, url = server
    behaviour.cuts, behaviour.ranges = [1000], False
    assert _fetch(url, tmp_path).read_bytes() == model()


def test_a_server_that_continues_elsewhere_is_asked_for_all_of_it(
    server: tuple[Behaviour, str], tmp_path: Path
) -> None:
    behaviour, url = server
    behaviour.cuts, behaviour.wrong_range = [1000], True
    assert _fetch(url, tmp_path).read_bytes() == model()
    assert [asked for _, asked in behaviour.requests] == ["", "bytes=1000-", ""]


def test_a_leftover_longer_than_the_archive_is_thrown_away(
    server: tuple[Behaviour, str], tmp_path: Path
) -> None:
    _, url = server
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / f"{NAME}.tgz.part").write_bytes(bytes(len(good_archive()) + 1))
    assert _fetch(url, tmp_path).read_bytes() == model()


def test_a_wrong_checksum_leaves_nothing_behind(server: tuple[Behaviour, str], tmp_path: Path) -> None:
    behaviour, url = server
    behaviour.content = good_archive()[:-1] + b"\xff"
    with pytest.raises(EdgedError, match="has the checksum") as failure:
        _fetch(url, tmp_path)
    assert failure.value.where == f"{url}/2018/{NAME}.tgz"
    assert _left_in(tmp_path) == []


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (403, 1), (503, downloads.TRIES)])
def test_a_refusal_is_told_and_only_a_server_in_trouble_is_asked_again(
    server: tuple[Behaviour, str], tmp_path: Path, status: int, requests: int
) -> None:
    behaviour, url = server
    behaviour.status = status
    with pytest.raises(EdgedError, match=f"answers {status}"):
        _fetch(url, tmp_path)
    assert len(behaviour.requests) == requests


def test_a_redirection_is_not_followed(server: tuple[Behaviour, str], tmp_path: Path) -> None:
    behaviour, url = server
    with serving(Behaviour(good_archive())) as elsewhere:
        behaviour.status, behaviour.location = 302, f"{elsewhere}/other.tgz"
        with pytest.raises(EdgedError, match=r"redirects to .*which is not followed"):
            _fetch(url, tmp_path)
    assert len(behaviour.requests) == 1


def test_a_server_that_is_down_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening: connections are refused
        clock = PatientClock()
        with pytest.raises(EdgedError, match=r"cannot be downloaded: .*refused"):
            fetch(hosted(b"x"), tmp_path, clock, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert len(clock.slept_s) == downloads.TRIES - 1


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x.tgz"
        with pytest.raises(EdgedError, match="timed out"):
            download(url, tmp_path / "x.part", PatientClock(), timeout_s=0.05)


def test_an_answer_that_is_no_http_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def answer() -> None:
            for _ in range(downloads.TRIES):
                connection, _ = odd.accept()
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n")
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(EdgedError, match="cannot be downloaded"):
            download(f"http://127.0.0.1:{odd.getsockname()[1]}/x", tmp_path / "x.part", PatientClock())
        thread.join()


@pytest.mark.parametrize("length", [10**12, None])
def test_a_huge_body_is_refused_and_not_kept(
    server: tuple[Behaviour, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int | None
) -> None:
    """Whether the server says so before, or just goes on and on."""
    behaviour, url = server
    behaviour.length = length
    monkeypatch.setattr(downloads, "MAX_DOWNLOAD_BYTES", 100_000)
    with pytest.raises(EdgedError, match="is larger than"):
        _fetch(url, tmp_path)
    assert _left_in(tmp_path) == []


def test_only_http_is_spoken(tmp_path: Path) -> None:
    with pytest.raises(EdgedError, match="is not an http or https address"):
        _fetch("file:///etc", tmp_path)


def test_two_downloads_of_one_file_do_not_mix(server: tuple[Behaviour, str], tmp_path: Path) -> None:
    _, url = server
    part = tmp_path / "published" / f"{NAME}.tgz.part"

    def meanwhile(_: Received) -> None:
        with pytest.raises(EdgedError, match="by another process"):
            download(url, part, PatientClock())

    assert fetch(hosted(good_archive()), tmp_path, PatientClock(), meanwhile, url).read_bytes() == model()


def _link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(MEMBER)
    info.type, info.linkname = kind, "../../outside"
    return info


def _truncated_tar() -> bytes:
    with gzip.open(io.BytesIO(good_archive())) as whole:
        return gzip.compress(whole.read()[:20_000])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (archive((f"../{MEMBER}", b"outside")), f"has no {MEMBER} in it"),
        (archive((f"/{MEMBER}", b"outside")), f"has no {MEMBER} in it"),
        (archive((f"sub/../{MEMBER}", b"outside")), f"has no {MEMBER} in it"),
        (archive((_link(tarfile.SYMTYPE), b"")), "not as a plain file"),
        (archive((_link(tarfile.LNKTYPE), b"")), "not as a plain file"),
        (archive((_link(tarfile.CHRTYPE), b"")), "not as a plain file"),
        (archive((_link(tarfile.DIRTYPE), b"")), "not as a plain file"),
        (archive((MEMBER, b"not a model")), "is not a sound TensorFlow Lite model"),
        (archive((MEMBER, b"")), "bytes long"),
        (b"not an archive", "cannot be unpacked"),
        (gzip.compress(b"not a tar archive"), "cannot be unpacked"),
        (good_archive()[:10_000], "cannot be unpacked"),
        (_truncated_tar(), "cannot be unpacked"),
        (archive(), f"has no {MEMBER} in it"),
    ],
    # Archives have the time of their making in them: their bytes would give each run other names.
    ids=[
        "outside",
        "absolute",
        "roundabout",
        "symbolic-link",
        "hard-link",
        "device",
        "directory",
        "no-model",
        "empty-model",
        "no-archive",
        "no-tar",
        "cut-gzip",
        "cut-tar",
        "empty-archive",
    ],
)
def test_a_hostile_or_broken_archive_leaves_nothing_behind(tmp_path: Path, content: bytes, what: str) -> None:
    directory = tmp_path / "in" / "models"
    with serving(Behaviour(content)) as url, pytest.raises(EdgedError, match=what):
        _fetch(url, directory, content)
    assert _left_in(tmp_path) == []


def test_an_archive_that_unpacks_to_too_much_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = archive(("zeros", bytes(5_000_000)), (MEMBER, model()))
    assert len(bomb) < 500_000
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000_000)
    with serving(Behaviour(bomb)) as url, pytest.raises(EdgedError, match="unpacks to more than"):
        _fetch(url, tmp_path, bomb)
    assert _left_in(tmp_path) == []


def test_a_member_that_is_too_large_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 1000)
    with serving(Behaviour(good_archive())) as url, pytest.raises(EdgedError, match="too large"):
        _fetch(url, tmp_path)
