"""Makes a directory tree of a dump, so that the board in it can be discovered like any other.

A dump may come from anywhere, so it is not trusted: links are followed in memory, and nothing is written
before it is clear that all of it lies inside the directory.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from edged.board.dump_lines import Attribute, Entry, FailingRead, Link, malformed, parse_lines
from edged.board.sysfs import Sysfs
from edged.errors import EdgedError, UsageError

# As many as Linux follows before it says ELOOP.
_MAX_LINKS = 40

_Parts = tuple[str, ...]


class DumpedSysfs(Sysfs):
    """The attribute files of an unpacked dump; the reads that failed on the board fail here too.

    Args:
        root: Where the dump was unpacked.
        failing: Error numbers by real path below the root.
    """

    def __init__(self, root: Path, failing: Mapping[str, int]) -> None:
        """Only remember."""
        super().__init__(root)
        self._failing = failing

    def _read_file(self, path: str) -> bytes:
        if self._failing:
            real = os.path.relpath(os.path.realpath(self.root / path), os.path.realpath(self.root))
            code = self._failing.get(real)
            if code is not None:
                raise OSError(code, os.strerror(code))
        return super()._read_file(path)


def unpack_dump(text: str, directory: Path, name: str = "dump") -> Sysfs:
    """Rebuild the tree of a dump in an empty directory.

    Args:
        text: The dump.
        directory: Where to; it is made if it does not exist, and must be empty.
        name: What to call the dump in errors, such as its file name.

    Raises:
        EdgedError: If the dump is malformed, contradicts itself or leads out of the directory; nothing is
            written then.
        UsageError: If the directory is not empty.
    """
    tree = _Tree()
    for number, entry in parse_lines(text, name):
        try:
            tree.add(entry, number)
        except ValueError as error:
            raise malformed(name, number, str(error)) from error
    for at, (number, entry) in tree.leaves.items():
        if isinstance(entry, Link):
            try:
                tree.follow(at)
            except ValueError as error:
                raise malformed(name, number, str(error)) from error
    if directory.exists() and any(directory.iterdir()):
        raise UsageError("is not empty", where=str(directory), remedy="give an empty directory")
    try:
        tree.write(directory)
    except OSError as error:
        raise EdgedError(
            f"cannot be unpacked: {error.strerror}", where=error.filename or str(directory)
        ) from error
    return DumpedSysfs(directory, tree.failing)


class _Tree:
    """What is to be written where. Places are real paths below the root: no link on the way."""

    def __init__(self) -> None:
        self.leaves: dict[_Parts, tuple[int, Entry]] = {}
        self.directories: set[_Parts] = {()}
        self._links: dict[_Parts, list[str]] = {}

    @property
    def failing(self) -> dict[str, int]:
        return {
            "/".join(at): entry.code
            for at, (_, entry) in self.leaves.items()
            if isinstance(entry, FailingRead)
        }

    def add(self, entry: Entry, number: int) -> None:
        *above, name = entry.path.split("/")
        at = (*self._resolve(above), name)
        if at in self.leaves:
            raise ValueError(f"/{entry.path} is there already, on line {self.leaves[at][0]}")
        if at in self.directories:
            raise ValueError(f"/{entry.path} is a directory already")
        for depth in range(len(at)):
            if at[:depth] in self.leaves:
                raise ValueError(
                    f"/{'/'.join(at[:depth])} is no directory, on line {self.leaves[at[:depth]][0]}"
                )
            self.directories.add(at[:depth])
        self.leaves[at] = (number, entry)
        if isinstance(entry, Link):
            if entry.target.startswith("/"):
                raise ValueError("the link is absolute: it would lead out of the root directory")
            self._links[at] = entry.target.split("/")

    def follow(self, link: _Parts) -> None:
        """See where a link leads, and have a directory there if nothing else is.

        The driver that a device's link leads to has no attributes in a dump, but it must be there.
        """
        try:
            target = self._resolve(link)
        except _LoopError:
            return  # reading it fails, as on the board
        if not any(target[:depth] in self.leaves for depth in range(len(target) + 1)):
            self.directories.update(target[:depth] for depth in range(len(target) + 1))

    def write(self, directory: Path) -> None:
        for at in sorted(self.directories):
            directory.joinpath(*at).mkdir(parents=True, exist_ok=True)
        for at, (_, entry) in self.leaves.items():
            path = directory.joinpath(*at)
            match entry:
                case Attribute(_, content):
                    path.write_bytes(content)
                case FailingRead():
                    path.touch()
                case Link(_, target):
                    path.symlink_to(target)

    def _resolve(self, parts: Sequence[str]) -> _Parts:
        """The path with all links so far followed.

        Raises:
            ValueError: If it leads out of the root, or goes round in a loop.
        """
        resolved: list[str] = []
        to_go = list(reversed(parts))
        followed = 0
        while to_go:
            part = to_go.pop()
            if part == "..":
                if not resolved:
                    raise ValueError(f"/{'/'.join(parts)} leads out of the root directory")
                resolved.pop()
            elif part not in {"", "."}:
                resolved.append(part)
                target = self._links.get(tuple(resolved))
                if target is not None:
                    followed += 1
                    if followed > _MAX_LINKS:
                        raise _LoopError(f"the links of /{'/'.join(parts)} go round in a loop")
                    resolved.pop()
                    to_go += reversed(target)
        return tuple(resolved)


class _LoopError(ValueError):
    pass
