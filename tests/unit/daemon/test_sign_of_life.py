"""Who wrote a status file, and whether it is still at work."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.sysfs import Sysfs
from edged.daemon.sign_of_life import SignOfLife, sign_of_life

_BOOT = "4d1c6b2e-boot"
_NOW_NS = 500_000_000_000


def _stat(pid: int, start: int, state: str = "S") -> str:
    return f"{pid} (edged (x) run) {state} 1 {' '.join(['0'] * 17)} {start} 0 0\n"


def _machine(tmp_path: Path, boot_id: str = _BOOT, stat: str | None = None) -> Path:
    """A machine's files; process 7 is there if `stat` is given."""
    random = tmp_path / "proc/sys/kernel/random"
    random.mkdir(parents=True)
    (random / "boot_id").write_text(f"{boot_id}\n")
    if stat is not None:
        (tmp_path / "proc/7").mkdir()
        (tmp_path / "proc/7/stat").write_text(stat)
    return tmp_path


def _sign(root: Path, *, age_s: float = 1.0, boot_id: str = _BOOT, start: str = "4200") -> SignOfLife:
    path = root / "status.json"
    author = {"pid": 7, "boot_id": boot_id, "start": start}
    written_ns = _NOW_NS - int(age_s * 1e9)
    path.write_text(json.dumps({"author": author, "written_ns": written_ns, "status": {"state": "waiting"}}))
    return sign_of_life(path, Sysfs(root), _NOW_NS)


def test_a_process_that_wrote_a_moment_ago_runs(tmp_path: Path) -> None:
    sign = _sign(_machine(tmp_path, stat=_stat(7, 4200)))
    assert (sign.running, sign.words, sign.age_s) == (True, "running, process 7", 1.0)


def test_the_boot_id_of_a_container_does_not_hide_its_service(tmp_path: Path) -> None:
    assert _sign(_machine(tmp_path, boot_id="the container's", stat=_stat(7, 4200))).running


def test_one_that_wrote_long_ago_is_stuck_and_not_gone(tmp_path: Path) -> None:
    sign = _sign(_machine(tmp_path, stat=_stat(7, 4200)), age_s=60)
    assert sign.running
    assert "process 7 is there, but has not told its status for 60 s" in sign.words


@pytest.mark.parametrize(
    "stat", [None, _stat(7, 9999), _stat(7, 4200, "Z")], ids=["gone", "reused", "zombie"]
)
def test_a_process_that_is_gone_does_not_run(tmp_path: Path, stat: str | None) -> None:
    sign = _sign(_machine(tmp_path, stat=stat), age_s=3)
    assert not sign.running
    assert "process 7 ended without a word 3 s ago" in sign.words


def test_a_status_of_an_earlier_boot_is_told_as_such(tmp_path: Path) -> None:
    sign = _sign(_machine(tmp_path, boot_id="another", stat=_stat(7, 9999)))
    assert (sign.running, sign.age_s) == (False, None)
    assert "from before this machine was started" in sign.words


def test_a_status_from_the_future_of_this_boot_is_of_an_earlier_one(tmp_path: Path) -> None:
    sign = _sign(_machine(tmp_path, stat=_stat(7, 4200)), age_s=-100)
    assert not sign.running
    assert "from before this machine was started" in sign.words


def test_who_may_not_read_it_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    sign = sign_of_life(tmp_path / "status.json", Sysfs(tmp_path), _NOW_NS)
    assert not sign.running
    assert "status.json cannot be read: Permission denied" in sign.words
    assert "group edged" in sign.words


@given(content=st.binary(max_size=60) | st.dictionaries(st.text(max_size=9), st.none()).map(json.dumps))
def test_any_other_file_is_not_taken_for_a_sign(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    path = tmp_path_factory.mktemp("run") / "status.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    sign = sign_of_life(path, Sysfs(path.parent), _NOW_NS)
    assert (sign.running, sign.file) == (False, {})


@given(
    place=st.sampled_from(["author", "pid", "boot_id", "start", "written_ns", "status"]),
    value=st.sampled_from([math.inf, math.nan, -1, 10**400, True, 7.5])
    | st.lists(st.sampled_from(["pid", "boot_id", "start"]), unique=True)
    | st.none()
    | st.text(max_size=3),
)
def test_one_with_something_else_in_any_place_is_told_in_words(
    tmp_path_factory: pytest.TempPathFactory, place: str, value: object
) -> None:
    author: dict[str, object] = {"pid": 7, "boot_id": _BOOT, "start": "4200"}
    file: dict[str, object] = {"author": author, "written_ns": _NOW_NS, "status": {}}
    (file if place in file else author)[place] = value
    path = tmp_path_factory.mktemp("run") / "status.json"
    path.write_text(json.dumps(file))
    sign = sign_of_life(path, Sysfs(path.parent), _NOW_NS)
    assert not sign.running
    assert sign.words.startswith("not ")


@pytest.mark.parametrize("wrong", ['"written_ns": Infinity', '"author": ["pid", "boot_id", "start"]'])
def test_what_is_not_edged_s_is_not_taken_for_a_sign(tmp_path: Path, wrong: str) -> None:
    author = '"author": {"pid": 7, "boot_id": "", "start": ""}'
    path = tmp_path / "status.json"
    path.write_text(f'{{{author}, "written_ns": 1, "status": {{}}, {wrong}}}')
    sign = sign_of_life(path, Sysfs(tmp_path), _NOW_NS)
    assert (sign.running, sign.file) == (False, {})
    assert "is not edged's status file" in sign.words
