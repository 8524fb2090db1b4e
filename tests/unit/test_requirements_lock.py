"""What a board installs beside edged: pinned, with hashes, and all that edged asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCK = (PROJECT / "deploy/requirements.lock").read_text()
# What a board runs; the other extras are for where edged is developed, or for dashboards and pictures.
ON_A_BOARD = ("engine", "models", "meters", "systemd", "hotplug")
# Debian's name where it is not python3-NAME.
IN_DEBIAN = {"systemd-python": "systemd", "pyserial": "serial"}
ARCHITECTURES = ("armv7l", "aarch64", "x86_64")


def pinned() -> dict[str, tuple[str, list[str]]]:
    """Version and hashes by name."""
    found = {}
    for entry in re.sub(r"#.*|\\\n", "", LOCK).splitlines():
        if entry.strip():
            requirement, *hashes = entry.split(" --hash=")
            name, _, version = requirement.strip().partition("==")
            found[str(canonicalize_name(name))] = version, [each.strip() for each in hashes]
    return found


def asked_for(architecture: str) -> list[Requirement]:
    """What edged asks for on a board with Python 3.11."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"]]
    for extra in ON_A_BOARD:
        lines += project["optional-dependencies"][extra]
    environment = {"python_version": "3.11", "platform_machine": architecture}
    every = [Requirement(line) for line in lines]
    return [each for each in every if each.marker is None or each.marker.evaluate(environment)]


def test_every_file_has_one_version_and_a_sha256() -> None:
    assert len(pinned()) >= 5
    for name, (version, hashes) in pinned().items():
        assert re.fullmatch(r"\d[\w.]*", version), name
        assert hashes, name
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in hashes), name


def test_native_code_has_a_file_for_every_architecture() -> None:
    _, hashes = pinned()["tflite-runtime"]
    assert len(set(hashes)) == len(ARCHITECTURES)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_all_that_edged_asks_for_is_pinned_or_debians(architecture: str) -> None:
    control = (PROJECT / "deploy/deb/debian/control").read_text()
    for requirement in asked_for(architecture):
        name = str(canonicalize_name(requirement.name))
        if name in pinned():
            version, _ = pinned()[name]
            assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}"
        elif name != "ai-edge-litert":  # the second engine; a board has the first
            assert f"python3-{IN_DEBIAN.get(name, name)}" in control, requirement
