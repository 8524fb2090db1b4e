"""Something in a configuration that cannot be used."""

import json
import re
from dataclasses import dataclass

from edged.config.lines import KeyPath

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def is_bare(key: str) -> bool:
    """Whether TOML takes a key without quotes."""
    return _BARE_KEY.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a configuration that cannot be used.

    Attributes:
        path: The key.
        what: What is wrong with it, as the rest of a sentence that begins with the key.
    """

    path: KeyPath
    what: str

    def __str__(self) -> str:
        """`measure.seed is -1, but must be at least 0`."""
        return f"{dotted(self.path)} {self.what}"


def dotted(path: KeyPath) -> str:
    """A key as people write it: `power.rail[1].gain`, the first table of an array being number 1."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key + 1}]"
        else:
            text += ("." if text else "") + (key if is_bare(key) else json.dumps(key[:60]))
    return text
