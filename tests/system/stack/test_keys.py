"""`./keys`: passwords and certificates, made once."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.system.stack.checkout import keys


def made_of(stack: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(stack)): path.read_bytes()
        for path in (stack / "secrets").rglob("*")
        if path.is_file()
    }


def openssl(*words: str | Path) -> str:
    program = shutil.which("openssl")
    assert program
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=True)
    return done.stdout


def test_nothing_is_made_twice(stack: Path) -> None:
    before = made_of(stack)
    done = keys(stack)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert made_of(stack) == before


def test_nobody_else_can_look_into_the_directory(stack: Path) -> None:
    assert stat.S_IMODE((stack / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((stack / "secrets/ca.key").stat().st_mode) == 0o600


def test_passwords_are_long_and_not_the_same(stack: Path) -> None:
    one = (stack / "secrets/prometheus/boards-password").read_text().strip()
    other = (stack / "secrets/grafana/admin-password").read_text().strip()
    assert len(one) == len(other) == 40
    assert one != other


def test_a_board_s_certificate_holds_its_names_and_addresses(stack: Path) -> None:
    assert keys(stack, "shed", "192.0.2.12", "shed.example", "2001:db8::12").returncode == 0
    authority, certificate = stack / "secrets/prometheus/boards-ca.pem", stack / "secrets/boards/shed.pem"
    assert openssl("verify", "-CAfile", authority, certificate).endswith(": OK\n")
    names = openssl("x509", "-in", certificate, "-noout", "-ext", "subjectAltName")
    for name in ("IP Address:192.0.2.12", "DNS:shed.example", "IP Address:2001:DB8:0:0:0:0:0:12"):
        assert name in names
    assert stat.S_IMODE((stack / "secrets/boards/shed.key").stat().st_mode) == 0o600


def test_a_board_may_be_called_as_the_authority_s_file(stack: Path) -> None:
    before = made_of(stack)
    assert keys(stack, "ca", "192.0.2.12").returncode == 0
    after = made_of(stack)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--help"], "usage: keys [BOARD ADDRESS...]"),
        (["shed"], "keys shed ADDRESS..."),
        (["../shed", "192.0.2.12"], "../shed: a board's name has letters"),
        (["shed", "a b,DNS:c"], "a b,DNS:c: is no name or address"),
        (["shed", ""], "is no name or address"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_made(stack: Path, words: list[str], said: str) -> None:
    before = made_of(stack)
    done = keys(stack, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert made_of(stack) == before
