"""The armhf package in this root, installed by an emulated dpkg."""

import shutil
import subprocess
from pathlib import Path

import pytest

_PACKAGES = Path("/srv/packages")


@pytest.fixture(scope="module")
def package() -> Path:
    found = sorted(_PACKAGES.glob("edged_*_armhf.deb"))
    if not found:
        pytest.skip("there is no armhf package; make deb makes it")
    # This root's packages are laid out but not known to dpkg; make test-deb resolves what it depends on.
    _do("dpkg", "--force-depends", "--install", str(found[-1]))
    return found[-1]


def test_it_is_installed(package: Path) -> None:
    version = package.name.split("_")[1]
    assert _do("dpkg-query", "--show", "--showformat=${Status} ${Version}", "edged").endswith(
        f"install ok installed {version}"
    )


@pytest.mark.usefixtures("package")
def test_its_command_shows_the_board_with_its_own_modules() -> None:
    assert shutil.which("edged") == "/usr/bin/edged"
    assert "CPU clusters" in _do("/usr/bin/edged", "board")
    environment = "/usr/lib/edged/bin/python3"
    where = _do(
        environment, "-c", "import edged, tflite_runtime.interpreter as t; print(edged.__file__, t.__file__)"
    )
    assert all(each.startswith("/usr/lib/edged/lib/") for each in where.split())


def _do(*command: str) -> str:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout.strip()
