"""The USB device that something of the kernel's is a part of."""

from collections.abc import Iterator

from edged.board.sysfs import Sysfs, SysfsError

ID_ATTRIBUTES = ("idVendor", "idProduct")


def usb_device_above(sysfs: Sysfs, path: str) -> str | None:
    """Directory of the nearest USB device above a path, such as a serial port's; None if there is none."""
    return next((above for above in _above(sysfs, path) if _has_id(sysfs, above)), None)


def _above(sysfs: Sysfs, path: str) -> Iterator[str]:
    try:
        parts = sysfs.real_path(path).split("/")
    except SysfsError:
        return
    yield from ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))


def _has_id(sysfs: Sysfs, directory: str) -> bool:
    return all(sysfs.exists(f"{directory}/{name}") for name in ID_ATTRIBUTES)
