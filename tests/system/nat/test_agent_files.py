"""The files of deploy/agent: valid, whole, and for a user without rights."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.rules.promtool import RULE_FILES, run
from tests.system.nat.agent import AGENT, DROP_IN, STORES, configured
from tests.system.stack.checkout import PROJECT
from tests.system.stack.conftest import promtool
from tests.system.stack.debian import words_of

__all__ = ["promtool"]

_UNITS = (
    ("prometheus.service", DROP_IN),
    ("prometheus.service", PROJECT / "deploy/stack/debian/prometheus.conf"),
    ("prometheus-alertmanager.service", PROJECT / "deploy/stack/debian/alertmanager.conf"),
)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Every file that a configuration may name."""
    directory = tmp_path / "secrets"
    directory.mkdir()
    for name in ("store-password", "store-token"):
        (directory / name).write_text("x\n")
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl here to make a certificate with")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -keyout /dev/null"
    subprocess.run(
        [program, *words.split(), "-out", str(directory / "store-ca.pem")], check=True, capture_output=True
    )
    return directory


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("store", STORES)
def test_promtool_finds_nothing_wrong_with_the_agent_of_any_store(
    tmp_path: Path, secrets: Path, store: str
) -> None:
    done = run("check", "config", "--agent", configured(tmp_path / "etc", store, secrets))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize("store", STORES)
def test_every_store_asks_for_a_password_from_a_file_over_https(
    tmp_path: Path, secrets: Path, store: str
) -> None:
    said = yaml.safe_load(configured(tmp_path / "etc", store, secrets).read_text())
    (remote,) = said["remote_write"]
    assert remote["url"].startswith("https://")
    credentials = remote.get("basic_auth") or remote["authorization"]
    (file,) = (value for name, value in credentials.items() if name.endswith("_file"))
    assert (secrets.parent / file).exists()
    assert "password" not in credentials
    # All of them wait in the same way.
    assert (
        remote["queue_config"]
        == yaml.safe_load((AGENT / "agent.yml").read_text())["remote_write"][0]["queue_config"]
    )


@pytest.mark.parametrize(
    ("store", "path", "tenant"),
    [
        ("victoria-metrics", "/api/v1/write", None),
        ("prometheus", "/api/v1/write", None),
        ("mimir", "/api/v1/push", "X-Scope-OrgID"),
        ("thanos", "/api/v1/receive", "THANOS-TENANT"),
    ],
)
def test_each_store_is_asked_where_it_listens(
    tmp_path: Path, secrets: Path, store: str, path: str, tenant: str | None
) -> None:
    (remote,) = yaml.safe_load(configured(tmp_path / "etc", store, secrets).read_text())["remote_write"]
    assert remote["url"].endswith(path)
    assert [*remote.get("headers", ())] == ([tenant] if tenant else [])


@pytest.mark.parametrize(("unit", "drop_in"), _UNITS, ids=lambda value: str(value).rpartition("/deploy/")[2])
def test_systemd_knows_every_key_of_a_drop_in(tmp_path: Path, unit: str, drop_in: Path) -> None:
    debian = Path("/lib/systemd/system") / unit
    if not (debian.exists() and shutil.which("systemd-analyze")):
        pytest.skip(f"there is no systemd-analyze, or no {unit}: apt-get install {debian.stem} systemd")
    shutil.copyfile(debian, tmp_path / unit)
    (tmp_path / f"{unit}.d").mkdir()
    shutil.copyfile(drop_in, tmp_path / f"{unit}.d/edged.conf")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=yes", str(tmp_path / unit)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_agent_is_debian_s_own_user() -> None:
    # The package's unit says who; the drop-in changes neither that nor the confinement.
    keys = re.findall(r"^(\w+)=", DROP_IN.read_text(), re.MULTILINE)
    assert not {"User", "Group", "DynamicUser", "AmbientCapabilities", "CapabilityBoundingSet"} & set(keys)
    assert not [key for key in keys if key.startswith(("Protect", "Private", "NoNew", "Restrict"))]


def test_the_agent_may_write_where_it_keeps_its_log() -> None:
    (path,) = (
        word.partition("=")[2] for word in words_of(DROP_IN) if word.startswith("--storage.agent.path=")
    )
    assert f"\nStateDirectory={path.removeprefix('/var/lib/')}\n" in DROP_IN.read_text()


def test_vmalert_takes_the_same_rules() -> None:
    program = shutil.which("vmalert")
    if program is None:
        pytest.skip("there is no vmalert: apt-get install victoria-metrics")
    done = subprocess.run(
        [program, "-dryRun", *(f"-rule={path}" for path in RULE_FILES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
