"""What these checks rest on: the kernel's own driver does what the hardware sheet says it does."""

import errno
import os
import platform
import struct

import pytest

from tests.system.vm.guest import chips


@pytest.fixture(autouse=True)
def fresh_chips() -> None:
    chips.reset()


def test_this_is_a_32_bit_arm_machine() -> None:
    assert (platform.machine(), struct.calcsize("P")) == ("armv7l", 4)


def test_the_driver_turns_registers_into_millivolts_milliamperes_and_microwatts() -> None:
    chips.measure(0x40, voltage=0x02DA, current=0x05A0, power=0x0064)
    directory = chips.hwmon(0x40)
    read = [int((directory / name).read_text()) for name in ("in1_input", "curr1_input", "power1_input")]
    assert read == [913, 360, 625000]


@pytest.mark.parametrize("code", ["EIO", "EREMOTEIO", "ETIMEDOUT"])
def test_a_fault_of_the_bus_reaches_the_reader(code: str) -> None:
    number = getattr(errno, code)
    descriptor = os.open(chips.hwmon(0x41) / "in1_input", os.O_RDONLY)
    try:
        with chips.failing(0x41, number), pytest.raises(OSError, match=rf"Errno {number}\b"):
            os.pread(descriptor, 64, 0)
        assert int(os.pread(descriptor, 64, 0)) == 0
    finally:
        os.close(descriptor)
