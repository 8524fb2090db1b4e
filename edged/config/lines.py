"""Where in the text of a TOML document each key stands.

`tomllib` forgets that. A complaint without a line number sends people searching, so this scans the text
again: statement by statement, each of them read by `tomllib` itself, so that quoted and dotted keys come
out right. Only for documents that `tomllib` has accepted.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

KeyPath = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*(?P<array>\[?)\[[ \t]*(?P<keys>{_KEYS})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*(?P<keys>{_KEYS})[ \t]*=")
# What can hide a line break or a bracket inside a value; anything else is one character.
_TOKEN = re.compile(
    r'"{3}(?:[^\\]|\\.)*?"{3,5}'
    r"|'{3}.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"""|[^"'#\[\]{}\n]+"""
    r"|.",
    re.DOTALL,
)


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """Line number, counted from 1, of each table and each key.

    Keys inside an inline table or an array of one are not listed; the key that holds it is.

    Args:
        text: A document that `tomllib` accepts.
    """
    lines: dict[KeyPath, int] = {}
    lengths: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, statement in _statements(text):
        if header := _HEADER.match(statement):
            table = _table_path(_split(header["keys"]), lengths, is_array=bool(header["array"]))
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(statement):
            path = table + _split(assignment["keys"])
            for depth in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:depth], number)
    return lines


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of a key, or of the innermost table around it that stands in the text.

    A table that has no header of its own (`protocols`, where the text only has `[protocols.night]`) stands
    where the first one within it does.
    """
    for depth in range(len(path), 0, -1):
        around = path[:depth]
        if around in lines:
            return lines[around]
        within = [line for key, line in lines.items() if key[:depth] == around]
        if within:
            return min(within)
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the number of its first line: a line break outside of brackets ends it."""
    begin, line, first_line, depth = 0, 1, 1, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in {"[", "{"}:
            depth += 1
        elif word in {"]", "}"}:
            depth -= 1
        line += word.count("\n")
        if word == "\n" and depth <= 0:
            yield first_line, text[begin : token.start()]
            begin, first_line = token.end(), line
    yield first_line, text[begin:]


def _split(keys: str) -> KeyPath:
    path: list[str | int] = []
    level: Any = tomllib.loads(f"{keys} = 0")
    while isinstance(level, dict):
        ((key, level),) = level.items()
        path.append(key)
    return tuple(path)


def _table_path(keys: KeyPath, lengths: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """The path of a header, with the number of the newest table after each array of tables in it."""
    path: KeyPath = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in lengths:
            path = (*path, lengths[path] - 1)
    path = (*path, keys[-1])
    if is_array:
        lengths[path] = lengths.get(path, 0) + 1
        path = (*path, lengths[path] - 1)
    return path
