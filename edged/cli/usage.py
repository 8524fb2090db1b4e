"""What click says of a command line, in the form that all errors of edged have."""

import click

from edged.errors import EdgedError, UsageError


def in_our_words(error: click.ClickException) -> EdgedError:
    """The same with what to do about it; click would print the command's usage line, which says little.

    Args:
        error: As click raised it.
    """
    said = error.format_message().removesuffix(".")
    what = f"{said[:1].lower()}{said[1:]}"
    if not isinstance(error, click.UsageError):
        return EdgedError(what)
    command = error.ctx.command_path if error.ctx else "edged"
    return UsageError(what, remedy=f"{command} --help says what there is")
