"""Output that no terminal, pipe or disk can turn into a traceback.

A locale without UTF-8 has no "±" and no lines for tables; a standard stream may be closed, or its disk full.
"""

import codecs
import os
import sys

_HANDLER = "edged.plain"
_PLAIN = {
    "±": "+/-",
    "µ": "u",
    "Ω": "Ohm",
    "°": "",
    "…": "...",
    **dict.fromkeys("─━╸╺╴╶", "-"),
}


def take_any_output() -> None:
    """Have standard streams accept whatever is written: signs that they lack are spelt out.

    A stream that is closed leads nowhere from now on.
    """
    codecs.register_error(_HANDLER, _spelt_out)
    # In this order: a file that is opened takes the lowest number that is free.
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - likewise
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def give_up_output() -> None:
    """Write nothing more: what is still buffered would fail again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _spelt_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in signs), error.end
