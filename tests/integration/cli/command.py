"""`edged` as a process of its own, as a person or a script calls it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# For a machine so busy that everything takes ten times as long; no test waits for it in vain.
TIMEOUT_S = 120.0
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
REPLAY = ("--simulate", "xu3", "--engine", "replay")


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        code: Exit code.
        out: What it wrote to standard output.
        err: What it wrote to standard error.
    """

    code: int
    out: str
    err: str


def edged(*words: str | Path, env: Mapping[str, str] | None = None) -> Done:
    """Run a command to its end; a traceback is a failure whatever the test is about."""
    with started(*words, env=env) as process:
        return ended(process)


@contextmanager
def started(*words: str | Path, env: Mapping[str, str] | None = None) -> Iterator["subprocess.Popen[str]"]:
    """A command that runs; what is left of it in the end is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "edged", *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "COLUMNS": "120", **(env or {})},
        start_new_session=True,
        # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: "subprocess.Popen[str]") -> Done:
    """Wait for a command's end."""
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert "Traceback" not in out + err, err
    return Done(process.returncode, out, err)


def line_with(process: "subprocess.Popen[str]", what: str) -> str:
    """Wait until a command writes a line with that in it."""
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(line)
        if what in line:
            return line
    raise AssertionError(f"it never said {what!r}, but: {''.join(seen)}")


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline_s = time.monotonic() + TIMEOUT_S
    while not happened():
        assert time.monotonic() < deadline_s, "it never happened"
        time.sleep(0.05)
