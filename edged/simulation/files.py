"""A directory of attribute files whose contents change under the readers' open descriptors, as in sysfs.

A reader of the real thing keeps a descriptor and reads it again and again. So a file here is never
replaced: it is rewritten in place, in one write, and only when its content has changed.
"""

import os
from pathlib import Path


class AttributeFiles:
    """The attribute files below a directory.

    Paths are relative to the directory and have no leading slash. One thread writes.

    Args:
        directory: Where the simulated machine's file system begins; made if it is not there.
    """

    def __init__(self, directory: Path) -> None:
        """Begin with no attribute."""
        self._directory = directory
        self._descriptors: dict[str, int] = {}
        self._contents: dict[str, bytes] = {}

    def write(self, path: str, content: bytes) -> None:
        """Write an attribute that never changes; no descriptor is kept for it."""
        self._place(path).write_bytes(content)

    def put(self, path: str, content: bytes) -> None:
        """Give an attribute its content; make the file first if there is none.

        Args:
            path: The attribute.
            content: What a read gives from now on.
        """
        before = self._contents.get(path)
        if before == content:
            return
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            descriptor = self._open(path)
            before = b""
        length = len(before or b"")
        # A reader between the two calls sees new content and blank lines, never the tail of the old one.
        os.pwrite(descriptor, content.ljust(length, b"\n"), 0)
        if len(content) < length:
            os.ftruncate(descriptor, len(content))
        self._contents[path] = content

    def put_int(self, path: str, value: int) -> None:
        """Give an attribute a decimal number."""
        self.put(path, b"%d\n" % value)

    def written(self, path: str) -> bytes | None:
        """What somebody else wrote into the attribute; None as long as it holds what `put` gave it."""
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            return None
        content = os.pread(descriptor, 256, 0)
        if content == self._contents[path]:
            return None
        self._contents[path] = content
        return content

    def link(self, path: str, target: str) -> None:
        """Make a symbolic link; `target` is relative to where the link stands."""
        self._place(path).symlink_to(target)

    def unlink(self, path: str) -> None:
        """Take a symbolic link away."""
        (self._directory / path).unlink()

    def vanish(self, directory: str) -> None:
        """Take a directory with all its attributes and links away.

        A kept descriptor then reads nothing. The real sysfs answers ENODEV, which a plain file cannot.
        """
        for path in [path for path in self._descriptors if path.startswith(f"{directory}/")]:
            descriptor = self._descriptors.pop(path)
            del self._contents[path]
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
        for folder, folders, names in os.walk(self._directory / directory, topdown=False):
            for name in names:
                os.unlink(Path(folder, name))
            for name in folders:
                inner = Path(folder, name)
                if inner.is_symlink():
                    inner.unlink()
                else:
                    inner.rmdir()
        (self._directory / directory).rmdir()

    def close(self) -> None:
        """Close all descriptors; the files stay as they are."""
        for descriptor in self._descriptors.values():
            os.close(descriptor)
        self._descriptors.clear()
        self._contents.clear()

    def _open(self, path: str) -> int:
        descriptor = os.open(self._place(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        self._descriptors[path] = descriptor
        return descriptor

    def _place(self, path: str) -> Path:
        place = self._directory / path
        if not place.parent.is_dir():
            place.parent.mkdir(parents=True)
        return place
