"""The manual page of the Debian package."""

import re
from pathlib import Path

import click

from edged.cli.commands import edged

MANUAL = (Path(__file__).parents[2] / "deploy/deb/edged.1").read_text()


def test_it_tells_of_every_command_and_of_no_other() -> None:
    commands = MANUAL.partition(".SH COMMANDS\n")[2].partition(".SH ")[0]
    told = re.findall(r"^\.TP\n\.B (\S+)$", commands, re.MULTILINE)
    assert sorted(told) == sorted(edged.list_commands(click.Context(edged)))
