"""What documents have people copy onto a board, as it stands there."""

import re

from tests.system.container.root import PROJECT

# Each has the lines that open a board to its network.
OPENING = ("README.md", "systemd/README.md", "deploy/stack/README.md")


def document(path: str) -> str:
    """The text of a document."""
    return (PROJECT / path).read_text(encoding="utf-8")


def opening_lines(text: str) -> str:
    """The lines that open a board to its network, to be given to a shell."""
    block = re.search(r"^    mkdir -p \S+/edged\.socket\.d\n(?:    .*\n)+", text, re.MULTILINE)
    assert block, "there are none"
    return block[0]


def closing_lines(text: str) -> str:
    """What takes them back: to remove the file, and to do the last three lines again."""
    lines = opening_lines(text).splitlines()
    file = lines[1].rpartition(">")[2]
    return "\n".join([f"rm {file}", *lines[-3:]])


def command_of(alert: str) -> str:
    """The first command that the runbook has people give for an alert."""
    section = document("deploy/RUNBOOK.md").partition(f"## {alert}\n")[2].partition("\n## ")[0]
    found = re.search(r"\*\*What to do\.\*\*[^`]*`([^`]+)`", section)
    assert found, section
    return " ".join(found[1].split())
