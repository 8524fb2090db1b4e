"""The drop-ins for Debian's units as command lines."""

import shlex
from pathlib import Path


def words_of(drop_in: Path) -> list[str]:
    """The words of the command that a drop-in starts, without what the administrator may add."""
    text = drop_in.read_text(encoding="utf-8").replace("\\\n", " ")
    *_, command = (
        line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")
    )
    return [word for word in shlex.split(command) if word != "$ARGS"]
