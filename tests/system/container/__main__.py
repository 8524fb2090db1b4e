"""`python -m tests.system.container`: install edged in a container, and check the service."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.container.install import install_edged
from tests.system.container.machine import Machine, booted
from tests.system.container.root import CACHE, HOST_PACKAGES, root
from tests.system.container.session import run


@contextmanager
def _board() -> Iterator[Machine]:
    with booted(root()) as machine:
        install_edged(machine)
        yield machine


if __name__ == "__main__":
    checks, lock = Path(__file__).parent / "checks", CACHE / "lock"
    sys.exit(run(checks, lock, (*HOST_PACKAGES, "iproute2"), _board))
