"""edged reads INA231 through the kernel's own hwmon driver: register values in, watts and joules out."""

import errno
from collections.abc import Iterator

import pytest

from edged.clock import SystemClock
from edged.power.sensor import Failure, SensorError
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.rail_account import RailAccount
from tests.system.vm.guest import chips
from tests.system.vm.guest.rails import ADDRESS, Rails, opened_rails


@pytest.fixture
def rails() -> Iterator[Rails]:
    """The four rails of chips that were just set up."""
    chips.reset()
    with opened_rails() as opened:
        yield opened


def test_registers_become_microwatts_to_the_last_digit(rails: Rails) -> None:
    chips.measure(0x40, voltage=0x02DA, current=0x05A0)
    chips.measure(0x41, voltage=0x03C4, current=0x00B4)
    chips.measure(0x44, voltage=0x02D0, current=0x0168)
    chips.measure(0x45, voltage=0x02F8, current=0x0078)
    samples = [rails[name].read() for name in ("big", "mem", "gpu", "little")]
    # Steps of 1.25 mV and 0.25 mA, each rounded to a whole milli-unit by the driver.
    assert [sample.voltage_uv for sample in samples] == [913_000, 1_205_000, 900_000, 950_000]
    assert [sample.current_ua for sample in samples] == [360_000, 45_000, 90_000, 30_000]
    assert [sample.power_uw for sample in samples] == [328_680, 54_225, 81_000, 28_500]


def test_microwatts_become_joules_to_the_last_digit(rails: Rails) -> None:
    clock, power_uw = SystemClock(), {}
    for steps, name in enumerate(rails, start=1):
        chips.measure(ADDRESS[name], voltage=0x02D0, current=0x0168 * steps)
        power_uw[name] = 900_000 * 90 * steps // 1_000
    accounts = {name: RailAccount(chip.rail, clock.monotonic_ns()) for name, chip in rails.items()}
    bus = BusSampler("i2c", [ChipChannel(chip, accounts[name], clock) for name, chip in rails.items()])
    bus.begin_fast()
    while min(account.totals.observed_ns for account in accounts.values()) < 500_000_000:
        clock.sleep((bus.step() - clock.monotonic_ns()) / 1e9)
    for name, account in accounts.items():
        assert account.totals.energy_uw_ns == power_uw[name] * account.totals.observed_ns


def test_a_kept_descriptor_follows_the_chip(rails: Rails) -> None:
    chip = rails["big"]
    seen = []
    for current in (0x0384, 0x05A0, 0x0004, 0x0384):
        chips.measure(0x40, voltage=0x0320, current=current)
        seen.append(chip.read().power_uw)
    assert seen == [225_000, 360_000, 1_000, 225_000]


def test_a_rail_that_uses_nothing_is_believed_once_its_zero_has_stayed(rails: Rails) -> None:
    chip = rails["big"]
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    chip.read()
    chips.measure(0x40, voltage=0x0320, current=0)
    with pytest.raises(SensorError) as refused:
        chip.read()
    assert refused.value.kind is Failure.INVALID
    SystemClock().sleep(0.6)  # longer than a reset chip reads zero
    assert [chip.read().power_uw, chip.read().power_uw] == [0, 0]


def test_an_offset_below_zero_keeps_its_sign(rails: Rails) -> None:
    chips.measure(0x40, voltage=0x0320, current=0x10000 - 8)
    assert rails["big"].read().power_uw == -2_000


def test_a_current_at_the_end_of_the_range_is_no_reading(rails: Rails) -> None:
    chips.measure(0x40, voltage=0x0320, current=0x7FFF)
    with pytest.raises(SensorError) as failure:
        rails["big"].read()
    assert failure.value.kind is Failure.INVALID


@pytest.mark.parametrize(
    ("asked_s", "granted_s", "told_ms", "configuration"),
    [
        pytest.param(0.001, 0.0022, 2, 0x4127, id="1 ms"),
        pytest.param(0.0352, 0.0352, 35, 0x4527, id="35 ms"),
        pytest.param(0.1, 0.1408, 141, 0x4727, id="100 ms"),
        pytest.param(0.5, 0.5632, 563, 0x4B27, id="half a second"),
        pytest.param(1.0, 1.1264, 1126, 0x4D27, id="a second"),
        pytest.param(60.0, 2.2528, 2253, 0x4F27, id="a minute"),
    ],
)
def test_averaging_is_set_to_what_the_chip_can(
    rails: Rails, asked_s: float, granted_s: float, told_ms: int, configuration: int
) -> None:
    chip = rails["mem"]
    assert chip.set_averaging(asked_s)
    assert chip.averaging_s() == pytest.approx(granted_s)
    assert int((chips.hwmon(0x41) / "update_interval").read_text()) == told_ms
    assert chips.read_register(0x41, chips.CONFIGURATION) == configuration


def test_a_chip_reset_is_noticed_and_its_zero_is_never_a_reading(rails: Rails) -> None:
    chip = rails["gpu"]
    chip.set_averaging(1.1264)
    chips.measure(0x44, voltage=0x0320, current=0x0384)
    assert chip.read().power_uw == 225_000
    chips.lose_setup(0x44)
    with pytest.raises(SensorError, match="reset") as failure:
        chip.read()
    assert failure.value.kind is Failure.INVALID
    assert chips.read_register(0x44, chips.CALIBRATION) == 0x0800
    assert chip.averaging_s() == pytest.approx(0.0352)
    chips.measure(0x44, voltage=0x0320, current=0x0384)
    assert chip.read().power_uw == 225_000


@pytest.mark.parametrize(
    "code", ["EIO", "ENXIO", "EAGAIN", "EBUSY", "ETIMEDOUT", "ECONNREFUSED", "EREMOTEIO"]
)
def test_a_fault_of_the_bus_is_a_failure_to_try_again_and_other_rails_go_on(rails: Rails, code: str) -> None:
    for address in (0x40, 0x45):
        chips.measure(address, voltage=0x0320, current=0x0384)
    failing, sound = rails["little"], rails["big"]
    with chips.failing(0x45, getattr(errno, code)):
        with pytest.raises(SensorError, match=code) as failure:
            failing.read()
        assert sound.read().power_uw == 225_000
    assert failure.value.kind is Failure.TRY_AGAIN
    assert failing.read().power_uw == 225_000


def test_averaging_that_the_bus_refuses_is_not_set(rails: Rails) -> None:
    chip = rails["big"]
    with chips.failing(0x40, errno.ETIMEDOUT):
        assert not chip.set_averaging(1.1264)
        with pytest.raises(SensorError, match="ETIMEDOUT"):
            chip.averaging_s()
    assert chip.averaging_s() == pytest.approx(0.0352)


def test_a_slow_bus_is_no_failure_and_no_reset(rails: Rails) -> None:
    clock, chip = SystemClock(), rails["mem"]
    chips.measure(0x41, voltage=0x0320, current=0x0384)
    chip.read()
    with chips.slow_bus(150):
        before_ns = clock.monotonic_ns()
        slow = [chip.read(), chip.read()]
        after_ns = clock.monotonic_ns()
    assert [sample.power_uw for sample in slow] == [225_000, 225_000]
    assert before_ns < slow[0].at_ns < slow[1].at_ns < after_ns


def test_chips_that_come_back_under_swapped_numbers_are_told_apart(rails: Rails) -> None:
    first, second = rails["big"], rails["mem"]
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    chips.measure(0x41, voltage=0x0320, current=0x05A0)
    numbers = chips.hwmon(0x40).name, chips.hwmon(0x41).name
    for address in (0x40, 0x41):
        chips.remove(address)
    for each in (first, second):
        with pytest.raises(SensorError) as failure:
            each.read()
        assert failure.value.kind is Failure.GONE
        with pytest.raises(SensorError):
            each.reopen()
    for address in (0x41, 0x40):
        chips.add(address)
    assert (chips.hwmon(0x41).name, chips.hwmon(0x40).name) == numbers
    for each in (first, second):
        each.reopen()
    assert [first.read().power_uw, second.read().power_uw] == [225_000, 360_000]


def test_a_descriptor_of_a_chip_that_went_and_came_back_stays_dead_until_reopened(rails: Rails) -> None:
    chip = rails["little"]
    chips.remove(0x45)
    chips.add(0x45)
    chips.measure(0x45, voltage=0x0320, current=0x0384)
    with pytest.raises(SensorError) as failure:
        chip.read()
    assert failure.value.kind is Failure.GONE
    chip.reopen()
    assert chip.read().power_uw == 225_000


def test_a_driver_that_lets_go_and_takes_hold_again_is_followed(rails: Rails) -> None:
    chip = rails["gpu"]
    chips.measure(0x44, voltage=0x0320, current=0x0384)
    chips.unbind(0x44)
    with pytest.raises(SensorError) as failure:
        chip.read()
    assert failure.value.kind is Failure.GONE
    chips.bind(0x44, chips.HWMON_DRIVER)
    chip.reopen()
    assert chip.read().power_uw == 225_000


def test_a_chip_whose_driver_could_not_start_is_found_once_it_can(rails: Rails) -> None:
    chip = rails["mem"]
    chips.remove(0x41)
    with chips.failing(0x41, errno.EBUSY):
        chips.add(0x41)
        with pytest.raises(SensorError) as failure:
            chip.reopen()
    assert failure.value.kind is Failure.GONE
    chips.bind(0x41, chips.HWMON_DRIVER)
    chips.measure(0x41, voltage=0x0320, current=0x0384)
    chip.reopen()
    assert chip.read().power_uw == 225_000


def test_a_rail_goes_on_by_itself_after_its_chip_was_away(rails: Rails) -> None:
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    clock, chip = SystemClock(), rails["big"]
    account = RailAccount(chip.rail, clock.monotonic_ns())
    channel = ChipChannel(chip, account, clock)
    channel.fast = True

    def poll_until(up: bool) -> None:
        while account.up is not up:
            clock.sleep((channel.due_ns - clock.monotonic_ns()) / 1e9)
            channel.poll()

    poll_until(up=True)
    chips.remove(0x40)
    poll_until(up=False)
    chips.add(0x40)
    chips.measure(0x40, voltage=0x0320, current=0x0384)
    poll_until(up=True)
    totals = account.totals
    assert totals.energy_uw_ns == 225_000 * totals.observed_ns
    assert totals.unobserved_ns > 0
