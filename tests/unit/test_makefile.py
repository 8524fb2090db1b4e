"""What the targets of the Makefile wait for."""

import re
from pathlib import Path

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text()


def prerequisites(target: str) -> list[str]:
    """What is made before a target."""
    found = re.search(rf"^{target}:(.*)$", MAKEFILE, re.MULTILINE)
    return found[1].split() if found else []


def test_the_package_that_is_tried_on_armhf_is_of_this_work_tree() -> None:
    assert "deb" in prerequisites("test-armhf")
