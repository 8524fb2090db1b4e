"""One version, wherever it is written."""

import re
import tomllib
from pathlib import Path

from edged import __version__

PROJECT = Path(__file__).parents[2]


def test_the_project_and_its_package_are_of_the_version_that_edged_tells() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    changelog = (PROJECT / "deploy/deb/debian/changelog").read_text()
    newest = re.match(r"edged \(([^)]+)\)", changelog)
    assert newest
    assert project["version"] == newest[1] == __version__
