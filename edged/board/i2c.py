"""Where an I2C chip is: what stays the same from boot to boot, and what may not.

The real path of a chip's device ends in `12c60000.i2c/i2c-0/0-0040`: controller, adapter, client. The kernel
gives the numbers of adapters anew; controller and address stay.
"""

import re
from typing import NamedTuple

from edged.board.optional import real_path_or_none
from edged.board.sysfs import Sysfs

_CLIENT = re.compile(r"([0-9]{1,3})-([0-9a-f]{4})", re.ASCII)
_ADAPTER = re.compile(r"i2c-[0-9]{1,3}", re.ASCII)


class I2cClient(NamedTuple):
    """The place of one chip.

    Attributes:
        controller: What its adapter hangs on, such as "12c60000.i2c"; "" for one that hangs on nothing, as
            `i2c-stub`'s does. Behind a multiplexer it is another client: such a chip is not the board's own.
        bus: Number of its adapter.
        address: Its address.
    """

    controller: str
    bus: int
    address: int


def client_of(sysfs: Sysfs, path: str) -> I2cClient | None:
    """The I2C client that a device stands for; None if it stands for none.

    Args:
        sysfs: Where to look.
        path: Directory of the device or of what a driver made of it, such as a hwmon.
    """
    for each in (f"{path}/device", path):
        parts = ("", *(real_path_or_none(sysfs, each) or "").split("/"))
        for controller, adapter, name in reversed(list(zip(parts, parts[1:], parts[2:], strict=False))):
            client = numbers_of(name) if _ADAPTER.fullmatch(adapter) else None
            if client is not None:
                return I2cClient("" if controller == "devices" else controller, *client)
    return None


def numbers_of(name: str) -> tuple[int, int] | None:
    """Adapter and address in the name of a client's directory, such as `0-0040`; None if it is none."""
    match = _CLIENT.fullmatch(name)
    return (int(match[1]), int(match[2], 16)) if match else None
