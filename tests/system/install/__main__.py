"""`python -m tests.system.install`: boot a board with nothing on it, and run the checks in it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.container.install import unpack
from tests.system.container.machine import Machine, booted
from tests.system.container.root import FRESH, HOST_PACKAGES, fresh_root
from tests.system.container.session import run


@contextmanager
def _board() -> Iterator[Machine]:
    with booted(fresh_root()) as machine:
        unpack(machine)
        yield machine


if __name__ == "__main__":
    checks, lock = Path(__file__).parent / "checks", FRESH.parent / "lock"
    sys.exit(run(checks, lock, (*HOST_PACKAGES, "shellcheck", "openssl", "iproute2"), _board))
