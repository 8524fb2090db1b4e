"""`edged status`: what the daemon on this board is doing, and why it waits."""

import json
import os
from pathlib import Path

import click

from edged.board.sysfs import Sysfs
from edged.cli.common_options import config_option
from edged.cli.simulation_option import simulated_option
from edged.cli.status_text import status_lines
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.daemon.sign_of_life import SignOfLife, sign_of_life
from edged.daemon.status_file import read_paths


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same for programs.")
@simulated_option("The daemon")
@config_option
def status(*, as_json: bool, simulated: str, config_path: Path | None) -> int:
    """Say whether edged runs here, what it measures, what comes next, and why it waits.

    Exit code 0 if it runs, 1 if not.
    """
    root = Path("/")
    paths = read_paths(load_config(config_path), os.environ, simulated, root)
    sign = _newest(paths, Sysfs(root))
    if as_json:
        told = {"running": sign.running, "words": sign.words, "age_s": sign.age_s, **sign.file}
        click.echo(json.dumps(told, indent=2))
    else:
        for line in _lines(sign):
            click.echo(line)
        if not sign.file and not any(map(_there, paths)):
            click.echo("  edged run starts it; where it is a service: systemctl start edged")
    return 0 if sign.running else 1


def _lines(sign: SignOfLife) -> list[str]:
    try:
        return list(status_lines(sign))
    except (KeyError, TypeError, ValueError, AttributeError):  # another version's, or nobody's
        return [f"edged is {sign.words}", "  its status is not laid out as this version's: --json shows it"]


def _newest(paths: list[Path], sysfs: Sysfs) -> SignOfLife:
    """Of several files the one of a daemon that runs, else the first."""
    now_ns = SystemClock().monotonic_ns()
    signs = [sign_of_life(path, sysfs, now_ns) for path in paths if _there(path)]
    if not signs:
        looked = " nor ".join(str(path) for path in paths)
        return SignOfLife(False, f"not running: there is neither {looked}", {})
    return next((sign for sign in signs if sign.running), signs[0])


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a directory that only others may look into
        return True
