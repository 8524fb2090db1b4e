"""`edged` on a terminal, as a person sees it."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping

from tests.integration.cli.command import TIMEOUT_S


def on_a_terminal(*words: str, term: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and everything that a terminal was sent."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "edged", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "COLUMNS": "100", "LINES": "30", "TERM": term, **(env or {})},
        start_new_session=True,
    )
    os.close(follower)
    sent = b""
    while select.select([leader], [], [], TIMEOUT_S)[0]:
        try:
            sent += os.read(leader, 1 << 16)
        except OSError:  # the terminal's other end is closed
            break
    os.close(leader)
    return process.wait(TIMEOUT_S), sent.decode()
