"""The four emulated INA231 and the bus they sit on, as a check changes them from outside the driver."""

import ctypes
import fcntl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADDRESSES = (0x40, 0x41, 0x44, 0x45)
BUS = next(
    int(name.parent.name.removeprefix("i2c-"))
    for name in Path("/sys/bus/i2c/devices").glob("i2c-*/name")
    if name.read_text().startswith("SMBus stub")
)

# Registers of the INA231 (data sheet SBOS644, table 2).
CONFIGURATION, SHUNT, VOLTAGE, POWER, CURRENT, CALIBRATION = range(6)
CONFIGURATION_AT_POWER_ON = 0x4127

# <linux/i2c-dev.h>: use an address although a driver owns it, and make one SMBus transfer, described by
# struct i2c_smbus_ioctl_data {u8 read_write; u8 command; u32 size; union i2c_smbus_data *data}.
_I2C_SLAVE_FORCE = 0x0706
_I2C_SMBUS = 0x0720
_WRITE, _READ, _WORD_DATA = 0, 1, 3
_BLOCK_BYTES = 34

_ADAPTER = Path(f"/sys/bus/i2c/devices/i2c-{BUS}")
_DRIVERS = Path("/sys/bus/i2c/drivers")
_STUB = Path("/sys/module/i2c_stub/parameters")

HWMON_DRIVER, IIO_DRIVER = "ina2xx", "ina2xx_adc"


def write_register(address: int, register: int, value: int) -> None:
    """Set a 16-bit register of a chip, as the chip itself would after an average."""
    _transfer(address, register, _WRITE, value)


def read_register(address: int, register: int) -> int:
    """A 16-bit register of a chip."""
    return _transfer(address, register, _READ, 0)


def measure(address: int, *, voltage: int, current: int, power: int = 0) -> None:
    """Let a chip have measured these raw register values.

    Its calibration makes the steps of the current and of the shunt voltage equal: 0.25 mA at 10 milliohms.
    """
    write_register(address, SHUNT, current)
    write_register(address, VOLTAGE, voltage)
    write_register(address, CURRENT, current)
    write_register(address, POWER, power)


def lose_setup(address: int) -> None:
    """Reset a chip as a drop of its supply does: its own defaults, no calibration, so no current."""
    write_register(address, CONFIGURATION, CONFIGURATION_AT_POWER_ON)
    write_register(address, CALIBRATION, 0)
    write_register(address, CURRENT, 0)
    write_register(address, POWER, 0)


def add(address: int) -> None:
    """Tell the kernel of the chip: a driver binds to it."""
    (_ADAPTER / "new_device").write_text(f"ina231 {address:#x}\n")


def remove(address: int) -> None:
    """Take the chip away."""
    (_ADAPTER / "delete_device").write_text(f"{address:#x}\n")


def present(address: int) -> bool:
    """Whether the kernel knows the chip."""
    return device(address).exists()


def device(address: int) -> Path:
    """The chip's directory in sysfs."""
    return Path(f"/sys/bus/i2c/devices/{BUS}-{address:04x}")


def hwmon(address: int) -> Path:
    """The chip's hwmon directory, under the number that it has now."""
    (directory,) = (device(address) / "hwmon").iterdir()
    return directory


def bind(address: int, driver: str) -> None:
    """Give the chip to a driver."""
    (_DRIVERS / driver / "bind").write_text(device(address).name)


def unbind(address: int) -> None:
    """Take the chip from its driver."""
    (device(address) / "driver/unbind").write_text(device(address).name)


@contextmanager
def failing(address: int, code: int) -> Iterator[None]:
    """Every transfer to the chip answers with this `errno` meanwhile."""
    (_STUB / "fail_errno").write_text(str(code))
    (_STUB / "fail_addr").write_text(str(address))
    try:
        yield
    finally:
        (_STUB / "fail_addr").write_text("0")


@contextmanager
def slow_bus(delay_ms: int) -> Iterator[None]:
    """Every transfer on the bus takes that much longer meanwhile, in milliseconds."""
    (_STUB / "delay_ms").write_text(str(delay_ms))
    try:
        yield
    finally:
        (_STUB / "delay_ms").write_text("0")


def reset() -> None:
    """Four chips on the hwmon driver, numbered by address, as after start-up, measuring nothing."""
    for address in ADDRESSES:
        if present(address):
            remove(address)
    for address in ADDRESSES:
        for register in (CONFIGURATION, SHUNT, VOLTAGE, POWER, CURRENT, CALIBRATION):
            write_register(address, register, 0)
        add(address)


def _transfer(address: int, register: int, direction: int, value: int) -> int:
    # The chip sends its high byte first, an SMBus word its low byte.
    block = ctypes.create_string_buffer(value.to_bytes(2, "big"), _BLOCK_BYTES)
    request = struct.pack("@BBIP", direction, register, _WORD_DATA, ctypes.addressof(block))
    with open(f"/dev/i2c-{BUS}", "rb+", buffering=0) as bus:
        fcntl.ioctl(bus, _I2C_SLAVE_FORCE, address)
        fcntl.ioctl(bus, _I2C_SMBUS, request)
    return int.from_bytes(block.raw[:2], "big")
