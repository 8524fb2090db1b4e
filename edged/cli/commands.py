"""The commands of `edged`: finds the one that is meant, and turns every failure into words and an exit code.

Exit codes: 0 done, 1 failed, 2 usage or configuration, 130 interrupted.
"""

import importlib
import sys
import traceback

import click

from edged import __version__
from edged.cli.group import CommandGroup
from edged.cli.interruption import end_at_once, leave_to_command
from edged.cli.output import give_up_output, take_any_output
from edged.cli.usage import in_our_words
from edged.errors import EdgedError, UsageError

# Imported only when called: on a 32-bit board every import costs tens of milliseconds.
_COMMANDS = {
    "measure": "measure cases now, with a live table",
    "run": "measure all cases in turn, for ever, and serve the results",
    "status": "what the daemon on this board is doing, and why it waits",
    "results": "what was measured: table, CSV, JSON or OpenMetrics",
    "report": "the paper's figures, table and claims from this board's results",
    "advise": "which model on which CPU cluster keeps to limits and costs least",
    "board": "what this board has, and what it lacks and why",
    "models": "build, fetch, list and verify models",
    "grafana": "bring the dashboards to a Grafana server, or check its version",
    "config": "check and show the configuration",
}

# A group without a command shows its help; Debian's click does that without an exception.
_HELP: tuple[type[click.ClickException], ...] = (
    (click.exceptions.NoArgsIsHelpError,) if hasattr(click.exceptions, "NoArgsIsHelpError") else ()
)


class _LazyGroup(CommandGroup):
    """A group whose commands live in modules of their own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"edged.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed, 2 usage or configuration, 130 interrupted.",
)
@click.version_option(__version__, prog_name="edged")
def edged() -> None:
    """What does one inference cost on this board, now, in milliseconds and in joules?"""
    # click comes here when the command is imported, and just before it begins.
    leave_to_command()


def run() -> int:
    """Run the command line.

    Returns:
        The exit code.
    """
    take_any_output()
    try:
        try:
            code = edged(standalone_mode=False)
            sys.stdout.flush()
        finally:
            end_at_once()
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except _HELP as error:
        error.show()
        return 2
    except (click.ClickException, EdgedError) as error:
        told = error if isinstance(error, EdgedError) else in_our_words(error)
        print_error(told)
        return 2 if isinstance(told, UsageError) else 1
    except BrokenPipeError:
        give_up_output()  # whoever read it has gone; there is nobody left to tell
        return 1
    except Exception as error:
        give_up_output()
        print_error(_unforeseen(error))
        return 1
    return code if isinstance(code, int) else 0


def _unforeseen(error: Exception) -> EdgedError:
    """Something that no room has turned into words."""
    if isinstance(error, OSError) and error.strerror:
        return EdgedError(error.strerror, where=str(error.filename or ""))
    place = traceback.extract_tb(error.__traceback__)[-1]
    return EdgedError(
        f"a fault of edged itself: {type(error).__name__}: {error}",
        where=f"{place.filename}:{place.lineno}",
        remedy="please report this line and what you did",
    )


def print_error(error: EdgedError) -> None:
    """What is wrong, where, and what to do, on standard error."""
    where = f"{error.where}: " if error.where else ""
    click.echo(f"edged: {where}{error.what}", err=True)
    if error.remedy:
        click.echo(f"  {error.remedy}", err=True)
