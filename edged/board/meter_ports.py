"""Serial ports that an external power meter may be on."""

import re

from edged.board.optional import text_or_none
from edged.board.parts import MeterPort
from edged.board.sysfs import Sysfs
from edged.board.usb import ID_ATTRIBUTES, usb_device_above

_TTYS = "sys/class/tty"
# The CP210x bridge of Hardkernel's SmartPower3; the same bridge is in many other devices.
_SMARTPOWER3 = "10c4:ea60"


def discover_meter_ports(sysfs: Sysfs) -> tuple[MeterPort, ...]:
    """The serial ports with the USB id of a SmartPower3, in the kernel's order."""
    return tuple(
        MeterPort(f"/dev/{name}", _SMARTPOWER3)
        for name in sysfs.children(_TTYS)
        if re.fullmatch(r"tty(USB|ACM)[0-9]+", name) and _usb_id(sysfs, f"{_TTYS}/{name}") == _SMARTPOWER3
    )


def _usb_id(sysfs: Sysfs, path: str) -> str | None:
    """The id of the USB device that the port is a part of."""
    device = usb_device_above(sysfs, path)
    if device is None:
        return None
    vendor, product = (text_or_none(sysfs, f"{device}/{name}") for name in ID_ATTRIBUTES)
    return f"{vendor}:{product}"
