"""The one door through which words reach a terminal: what others wrote is text, never markup.

A model may be called "[/foo]" or ":warning:", and so may a directory; rich must not read anything into that.
"""

from rich.console import Console
from rich.progress import TextColumn
from rich.table import Column

# Where output goes to a file or a pipe: nothing is left out or folded.
_ENDLESS = 10_000


def plain_console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console that shows text as it is, in tables too; styles are given beside it."""
    return Console(stderr=stderr, width=width, markup=False, emoji=False)


def wide_console(*, stderr: bool = False) -> Console:
    """A console as wide as its terminal; where output goes to a file or a pipe, as wide as whatever it is."""
    console = plain_console(stderr=stderr)
    return console if console.file.isatty() else plain_console(stderr=stderr, width=_ENDLESS)


def plain_column(text_format: str) -> TextColumn:
    """A column of a progress bar, which would read markup whatever its console does."""
    return TextColumn(text_format, markup=False)


def folding_column(text_format: str) -> TextColumn:
    """The same where a text that is too long goes on in the next line."""
    return TextColumn(text_format, markup=False, table_column=Column(overflow="fold"))
