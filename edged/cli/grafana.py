"""`edged grafana`: brings the dashboards to a Grafana server, and says whether the server is new enough."""

import os
import re
from pathlib import Path

import click

import edged
from edged.cli.group import CommandGroup
from edged.errors import EdgedError, UsageError
from edged.grafana.needs import needed, parsed
from edged.grafana.push import changes, read_dashboards
from edged.grafana.server import Server

_TOKEN = re.compile("[!-~]+")
_TOKEN_VARIABLE = "EDGED_GRAFANA_TOKEN"  # noqa: S105 - the name of a variable
_DEFAULT_DASHBOARDS = Path(edged.__file__).parents[1] / "dashboards"

_address = click.argument("address", metavar="http://HOST:3000")
_dashboards = click.option(
    "--dashboards",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=_DEFAULT_DASHBOARDS,
    help="Where the dashboards are; those of this copy of edged unless given.",
)


@click.group(cls=CommandGroup)
def grafana() -> None:
    """Bring the dashboards to a Grafana server."""


@grafana.command(short_help="bring the dashboards to a server")
@_address
@_dashboards
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"File with the token of a service account; else ${_TOKEN_VARIABLE}.",
)
@click.option(
    "--prometheus",
    metavar="URL",
    help="Address of Prometheus as Grafana reaches it; makes or changes a data source too, on which the "
    "dashboards open.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def push(
    address: str, directory: Path, token_file: Path | None, prometheus: str | None, *, dry_run: bool
) -> None:
    """Bring folder, data source and dashboards to a Grafana server; what is as it should be is left alone."""
    dashboards = read_dashboards(directory)
    server = Server(address, _token(token_file))
    # All of it is looked at before anything is changed.
    found = list(changes(server, dashboards, prometheus))
    for change in found:
        verb = (
            ("would make" if dry_run else "made")
            if change.new
            else ("would change" if dry_run else "changed")
        )
        if not dry_run:
            change.apply()
        click.echo(f"{verb} {change.what}")
        for line in change.lines if dry_run else ():
            click.echo(f"    {line}")
    if not found:
        click.echo("nothing to change")


@grafana.command(short_help="say whether a server is new enough")
@_address
@_dashboards
def check(address: str, directory: Path) -> None:
    """Say whether a Grafana server is new enough for the panels; exit code 1 if not."""
    dashboards = read_dashboards(directory)
    version = Server(address).version()
    have = parsed(version)
    if have is None:
        remedy = "compare with the version that Grafana shows under Help"
        raise EdgedError(
            "Grafana does not tell its version", where=address, remedy=f"{remedy}; 11.5 shows all"
        )
    old = False
    for dashboard in dashboards:
        need = needed(dashboard)
        old |= have < need
        answer = "too old" if have < need else "new enough"
        click.echo(f"{dashboard['title']}: needs Grafana {need[0]}.{need[1]}, {answer}")
    if old:
        raise EdgedError(
            f"Grafana {version} does not show every panel", where=address, remedy="update Grafana"
        )
    click.echo(f"Grafana {version} shows every panel")


def _token(token_file: Path | None) -> str:
    """The token from its file or the environment; never from the command line, which anybody can read."""
    if token_file is None:
        token = os.environ.get(_TOKEN_VARIABLE, "").strip()
        if not token:
            raise UsageError("there is no token", remedy=f"give --token-file, or set {_TOKEN_VARIABLE}")
        return _one_word(token, _TOKEN_VARIABLE)
    try:
        token = token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"the token cannot be read: {reason}", where=str(token_file)) from error
    return _one_word(token, str(token_file))


def _one_word(token: str, where: str) -> str:
    """What can stand in a header of HTTP; what cannot is not shown, for it is a secret all the same."""
    if not _TOKEN.fullmatch(token):
        raise UsageError("holds no token: one word of ASCII is expected", where=where)
    return token
