"""The one door through which words reach a terminal: what others wrote is text, never markup.

A model may be called "[/foo]" or ":warning:", and so may a directory; rich must not read anything into that.
"""

from rich.console import Console
from rich.progress import TextColumn


def plain_console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console that shows text as it is, in tables too; styles are given beside it."""
    return Console(stderr=stderr, width=width, markup=False, emoji=False)


def plain_column(text_format: str) -> TextColumn:
    """A column of a progress bar, which would read markup whatever its console does."""
    return TextColumn(text_format, markup=False)
