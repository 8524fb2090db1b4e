r"""The lines of a dump: one attribute, link or failing read each.

```
/sys/class/thermal/thermal_zone0/temp<TAB>46000\n        an attribute and its content
/sys/class/hwmon/hwmon1<TAB>-> ../../devices/platform/x   a link; paths below it belong to its target
/sys/class/hwmon/hwmon1/curr1_input<TAB>!EIO              a read that fails
```

A link comes before the paths below it. In paths and contents `\n` is a new line, `\t` a tab, `\0` a NUL, `\\`
a backslash and `\xHH` any other byte. Empty lines and lines that begin with `#` say nothing.
"""

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass

from edged.errors import EdgedError

_LINK = "-> "
_ERROR = "!"
_ESCAPES = {b"\n": "\\n", b"\t": "\\t", b"\0": "\\0", b"\\": "\\\\"}
_UNESCAPES = {"n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
_ESCAPE = re.compile(r"\\(?:([nt0\\])|x([0-9a-fA-F]{2})|)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A file and its content."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link and its target, relative to where the link really is."""

    path: str
    target: str


@dataclass(frozen=True, slots=True)
class FailingRead:
    """A file that cannot be read, and the error number of the attempt."""

    path: str
    code: int


Entry = Attribute | Link | FailingRead


def format_entry(entry: Entry) -> str:
    """The entry as one line, without a line end. Its path is relative to the root."""
    match entry:
        case Attribute(_, content):
            text = _escape(content)
            if text.startswith((_LINK, _ERROR)):  # else it would be taken for a link or an error
                text = f"\\x{content[0]:02x}{text[1:]}"
        case Link(_, target):
            text = _LINK + _escape(target.encode())
        case FailingRead(_, code):
            text = _ERROR + errno.errorcode[code]
    return f"/{_escape(entry.path.encode())}\t{text}"


def parse_lines(text: str, name: str) -> Iterator[tuple[int, Entry]]:
    """The entries of a dump, each with its line number, counted from 1.

    Args:
        text: The dump.
        name: What to call it in errors, such as its file name.

    Raises:
        EdgedError: If a line is not one of a dump; it names the line.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.startswith("#"):
            try:
                yield number, _parse_line(line)
            except ValueError as error:
                raise malformed(name, number, str(error)) from error


def malformed(name: str, number: int, what: str) -> EdgedError:
    """The error for one line of a dump."""
    return EdgedError(
        what, where=f"{name}, line {number}", remedy="`edged board dump FILE` writes a sound dump"
    )


def _parse_line(line: str) -> Entry:
    escaped_path, tab, text = line.partition("\t")
    if not tab:
        raise ValueError("there is no tab between path and content")
    path = _path(escaped_path)
    if text.startswith(_LINK):
        target = _text(text.removeprefix(_LINK))
        if not target:
            raise ValueError("the link has no target")
        return Link(path, target)
    if text.startswith(_ERROR):
        code = getattr(errno, text[1:], None) if re.fullmatch(r"![A-Z0-9]+", text) else None
        if not isinstance(code, int):
            raise ValueError(f"{text[1:21]!r} is not the name of an error such as EIO")
        return FailingRead(path, code)
    return Attribute(path, _unescape(text))


def _path(escaped: str) -> str:
    path = _text(escaped)
    if not path.startswith("/"):
        raise ValueError("the path does not begin with /")
    if any(part in {"", ".", ".."} for part in path[1:].split("/")):
        raise ValueError("the path has an empty part, or . or .. in it")
    return path[1:]


def _text(escaped: str) -> str:
    try:
        text = _unescape(escaped).decode()
    except UnicodeDecodeError as error:
        raise ValueError("the path is not UTF-8 text") from error
    if "\0" in text:
        raise ValueError("the path has a NUL in it")
    return text


def _escape(content: bytes) -> str:
    bytes_ = (content[i : i + 1] for i in range(len(content)))
    return "".join(_ESCAPES.get(b) or (b.decode() if b" " <= b <= b"~" else f"\\x{b[0]:02x}") for b in bytes_)


def _unescape(text: str) -> bytes:
    parts = []
    end = 0
    for match in _ESCAPE.finditer(text):
        parts.append(text[end : match.start()].encode("utf-8", errors="surrogateescape"))
        if match[1]:
            parts.append(_UNESCAPES[match[1]])
        elif match[2]:
            parts.append(bytes.fromhex(match[2]))
        else:
            raise ValueError(f"{text[match.start() : match.start() + 4]!r} is not an escape of a dump")
        end = match.end()
    parts.append(text[end:].encode("utf-8", errors="surrogateescape"))
    return b"".join(parts)
