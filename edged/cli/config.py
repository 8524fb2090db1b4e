"""`edged config`: check the configuration, and show what holds and where it came from."""

import sys
from pathlib import Path

import click

from edged.cli.group import CommandGroup
from edged.config.effective import effective
from edged.config.file import read_config
from edged.errors import UsageError
from edged.exposition.encryption import Encryption
from edged.exposition.password import hashed

_FILE = click.argument("file", required=False, type=click.Path(path_type=Path))


@click.group(cls=CommandGroup)
def config() -> None:
    """Check and show the configuration.

    Without FILE it is /etc/edged/edged.toml if there is one, else the defaults.
    """


@config.command(short_help="say whether a file can be used")
@_FILE
def check(file: Path | None) -> None:
    """Say whether FILE can be used; if not, everything that is wrong with it."""
    read = read_config(file)
    if tls := read.config.exposition.tls:
        Encryption(tls)
    click.echo(
        f"{read.path}: good" if read.path else "There is no configuration file: all options are default."
    )


@config.command(short_help="print every option with its value and origin")
@_FILE
def show(file: Path | None) -> None:
    """Print every option with its value, where it came from and what it means."""
    for line in effective(read_config(file)):
        click.echo(line)


@config.command(short_help="print the hash of a password")
def hash_password() -> None:
    """Read a password from the terminal or standard input, and print its hash for exposition.users."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("there is no password on standard input")
    click.echo(hashed(password))
