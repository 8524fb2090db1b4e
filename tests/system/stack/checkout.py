"""A copy of what a person has who has cloned edged, for passwords and targets of its own."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
_PARTS = ("deploy/stack", "deploy/prometheus", "dashboards")


def copied_to(directory: Path) -> Path:
    """A copy's deploy/stack, in which `./keys` was not called yet."""
    for part in _PARTS:
        shutil.copytree(PROJECT / part, directory / part, ignore=shutil.ignore_patterns("secrets"))
    return directory / "deploy/stack"


def keys(stack: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Call `./keys` with these words."""
    return subprocess.run(
        [stack / "keys", *words], capture_output=True, text=True, timeout=120, check=False, cwd="/"
    )


def steps(heading: str) -> list[str]:
    """The commands in a section of README.md."""
    text = (PROJECT / "deploy/stack/README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (body,) = (each for each in section if each.startswith(heading))
    return [line.strip() for line in body.splitlines() if re.match(r"    [a-z./]", line)]


def install(stack: Path, root: Path) -> None:
    """Follow the steps for Debian as far as they copy files, into a root directory of their own.

    The groups are those of the packages, which need not be here.
    """
    for step in steps("Debian 12"):
        if not step.startswith("install "):
            continue
        command = re.sub(r" -g \w+", "", step).replace(" /etc/", f" {shlex.quote(str(root))}/etc/")
        done = subprocess.run(
            ["sh", "-euc", command], cwd=stack, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{step}: {done.stderr}"
