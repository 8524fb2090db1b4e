"""What every failure of edged tells a person: what is wrong, where, and what to do."""

import errno
from collections.abc import Iterable
from difflib import get_close_matches


class EdgedError(Exception):
    """A failure that a person can understand and act on.

    Args:
        what: What is wrong, in one sentence without a full stop.
        where: The file, key, device or sysfs path concerned, if there is one.
        remedy: What to do about it, if anything can be done.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the three parts apart, so that each output can lay them out its own way."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """All parts in one line, for logs."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.remedy}" if self.remedy else text


class UsageError(EdgedError):
    """The command line or the configuration asks for something that cannot be: exit code 2."""


def not_among(known: Iterable[str], kind: str, asked: str) -> UsageError:
    """There is nothing of that name: the answer lists what there is, and the nearest first.

    Args:
        known: Names of what there is.
        kind: What it is the name of, such as "model".
        asked: The name asked for.
    """
    names = list(dict.fromkeys(known))
    close = get_close_matches(asked, names, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return UsageError(f"there is no {kind} {asked!r}", remedy=f"{hint}known: {', '.join(names)}")


def in_words(error: OSError) -> str:
    """An error number for people: "Remote I/O error (EREMOTEIO)"."""
    return f"{error.strerror} ({errno.errorcode.get(error.errno or 0, 'unknown error')})"
