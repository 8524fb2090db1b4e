"""The same chips behind `ina2xx-adc`, the only driver for them that Debian's own kernels have."""

from collections.abc import Iterator

import pytest

from edged.board.discover import discover
from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs
from edged.clock import SystemClock
from edged.power.open_chips import ChipReader
from edged.power.sensor import Failure, SensorError
from tests.system.vm.guest import chips
from tests.system.vm.guest.rails import Rails, opened_rails


@pytest.fixture(autouse=True)
def rails() -> Iterator[Rails]:
    """The four rails of chips that were just set up."""
    chips.reset()
    for address in chips.ADDRESSES:
        chips.unbind(address)
        chips.bind(address, chips.IIO_DRIVER)
    with opened_rails() as opened:
        yield opened


@pytest.fixture
def sensor(rails: Rails) -> ChipReader:
    """The sensor at 0x40."""
    return rails["big"]


def found() -> tuple[SensorChip, ...]:
    return discover(Sysfs()).sensor_chips


def test_the_sensors_are_found_by_the_same_bus_and_addresses() -> None:
    sensors = [(chip.driver, chip.chip, chip.bus, chip.address) for chip in found()]
    assert sensors == [("iio", "ina231", chips.BUS, address) for address in chips.ADDRESSES]


def test_registers_become_microwatts_to_the_last_digit(sensor: ChipReader) -> None:
    chips.measure(0x40, voltage=0x02DA, current=0x05A0)
    sample = sensor.read()
    # 730 x 1.25 mV and 1440 x 0.25 mA, not rounded by this driver.
    assert (sample.voltage_uv, sample.current_ua, sample.power_uw) == (912_500, 360_000, 328_500)


def test_a_kept_descriptor_follows_the_chip(sensor: ChipReader) -> None:
    seen = []
    for current in (0x0384, 0x05A0, 0x0384):
        chips.measure(0x40, voltage=0x0320, current=current)
        seen.append(sensor.read().power_uw)
    assert seen == [225_000, 360_000, 225_000]


def test_averaging_is_set_to_what_the_chip_can(sensor: ChipReader) -> None:
    assert sensor.set_averaging(1.0)
    averages = 512
    assert sensor.averaging_s() == pytest.approx(averages * 0.0022)
    assert chips.read_register(0x40, chips.CONFIGURATION) >> 9 & 7 == 6  # AVG = 110b: 512


def test_a_chip_reset_is_noticed_and_its_averaging_restored(sensor: ChipReader) -> None:
    sensor.set_averaging(1.0)
    before = chips.read_register(0x40, chips.CONFIGURATION)
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    assert sensor.read().power_uw == 225_000
    chips.lose_setup(0x40)
    SystemClock().sleep(1.1)  # the reader asks once a second
    with pytest.raises(SensorError, match="reset") as failure:
        sensor.read()
    assert failure.value.kind is Failure.INVALID
    assert chips.read_register(0x40, chips.CONFIGURATION) == before
    assert sensor.read().power_uw == 225_000


def test_a_fault_of_the_bus_is_a_failure_to_try_again(sensor: ChipReader) -> None:
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    with chips.failing(0x40, 121), pytest.raises(SensorError, match="EREMOTEIO") as failure:
        sensor.read()
    assert failure.value.kind is Failure.TRY_AGAIN
    assert sensor.read().power_uw == 225_000


def test_chips_that_come_back_under_other_numbers_are_told_apart(sensor: ChipReader) -> None:
    before = {chip.address: chip.path for chip in found()}
    for address in (0x40, 0x41):
        chips.unbind(address)
    with pytest.raises(SensorError) as failure:
        sensor.read()
    assert failure.value.kind is Failure.GONE
    for address in (0x41, 0x40):
        chips.bind(address, chips.IIO_DRIVER)
    assert {chip.address: chip.path for chip in found()} != before
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    sensor.reopen()
    assert sensor.read().power_uw == 225_000
