"""Attributes that may be missing, unreadable, empty or no number: discovery takes each of these as absent."""

from edged.board.sysfs import Sysfs, SysfsError


def text_or_none(sysfs: Sysfs, path: str) -> str | None:
    """The text of an attribute, or None where it cannot be read or is empty."""
    try:
        return sysfs.read(path)
    except SysfsError:
        return None


def int_or_none(sysfs: Sysfs, path: str) -> int | None:
    """The attribute as a whole number, or None where it cannot be read or is no number."""
    try:
        return sysfs.read_int(path)
    except SysfsError:
        return None


def real_path_or_none(sysfs: Sysfs, path: str) -> str | None:
    """The path with all links followed, or None where they lead nowhere or out of the root."""
    try:
        return sysfs.real_path(path)
    except SysfsError:
        return None
