"""The XU3's INA231 behind the driver of Hardkernel's kernel 3.10."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.parts import SensorChip
from edged.power.conversions import Conversions
from edged.power.correction import Correction
from edged.power.sensor import Failure, SensorError
from edged.power.vendor_ina231 import VendorIna231
from tests.unit.power.trees import VENDOR, SteppingClock, a_rail, fresh_root, vendor_chip


def opened(root: Path, chip: SensorChip) -> VendorIna231:
    sensor = VendorIna231(chip, a_rail(), SteppingClock(), root=root)
    sensor.reopen()
    return sensor


def failure_of(sensor: VendorIna231) -> SensorError:
    with pytest.raises(SensorError) as caught:
        sensor.read()
    return caught.value


def test_power_is_voltage_times_current_with_all_digits_of_the_registers(tmp_path: Path) -> None:
    sample = opened(tmp_path, vendor_chip(tmp_path)).read()
    assert (sample.voltage_uv, sample.current_ua) == (1_197_500, 1_282_046)
    assert sample.power_uw == 1_535_250  # the driver's sensor_W says 1.534554


def test_a_sensor_that_is_switched_off_says_how_to_switch_it_on(tmp_path: Path) -> None:
    off = {**VENDOR, "enable": "0", "sensor_V": "0.000000", "sensor_A": "0.000000"}
    failure = failure_of(opened(tmp_path, vendor_chip(tmp_path, off)))
    assert failure.kind is Failure.INVALID
    assert failure.remedy == "switch it on as root: echo 1 > /sys/bus/i2c/drivers/INA231/3-0040/enable"


def test_a_sensor_that_was_just_switched_on_gives_no_zero(tmp_path: Path) -> None:
    fresh = {**VENDOR, "sensor_V": "0.000000", "sensor_A": "0.000000"}
    failure = failure_of(opened(tmp_path, vendor_chip(tmp_path, fresh)))
    assert (failure.kind, failure.remedy) == (Failure.INVALID, "")


@pytest.mark.parametrize(
    ("attribute", "content"),
    [
        ("sensor_V", "81.912500"),  # -6 (ENXIO) taken for a register: 0xfffa x 1.25 mV
        ("sensor_A", "17.955220"),
        ("sensor_V", "0.-07500"),
        ("sensor_A", "-0.001644"),
        ("sensor_A", "nan"),
        ("sensor_V", ""),
        ("sensor_V", "1.1975"),
        ("sensor_A", "99999.000000"),
    ],
)
def test_an_error_code_in_place_of_a_value_is_invalid(tmp_path: Path, attribute: str, content: str) -> None:
    failure = failure_of(opened(tmp_path, vendor_chip(tmp_path, {**VENDOR, attribute: content})))
    assert failure.kind is Failure.INVALID


def test_a_current_beyond_what_the_driver_sets_the_chip_up_for_is_invalid(tmp_path: Path) -> None:
    chip = vendor_chip(tmp_path, {**VENDOR, "sensor_A": "2.500000"}, address=0x45, rail="little")
    assert failure_of(opened(tmp_path, chip)).kind is Failure.INVALID


@pytest.mark.parametrize(
    ("rail", "step_ua"),
    [
        ("big", 9e6 / 32_768),
        ("little", 250.0),  # set up for steps of 61 uA, made of a shunt register with steps of 2.5 uV
    ],
)
def test_the_step_of_the_current_is_the_coarser_of_setting_and_shunt(
    tmp_path: Path, rail: str, step_ua: float
) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path, rail=rail))
    assert sensor.accuracy().current_step_ua == pytest.approx(step_ua)


def test_the_averaging_is_told_but_cannot_be_set(tmp_path: Path) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path))
    assert sensor.averaging_s() == pytest.approx(0.263808)
    assert sensor.set_averaging(1.0) is False


def test_an_average_may_be_shown_late_by_the_driver_s_own_timer(tmp_path: Path) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path))
    assert sensor.conversions() == Conversions(pair_ns=16_488_000, longest_lag_ns=263_808_000)


@pytest.mark.parametrize("period", ["", "263808", "0 usec", "soon usec", "-5 usec"])
def test_a_period_that_is_none_is_invalid(tmp_path: Path, period: str) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path, {**VENDOR, "update_period": period}))
    with pytest.raises(SensorError) as caught:
        sensor.averaging_s()
    assert caught.value.kind is Failure.INVALID


def test_a_chip_is_found_again_on_a_bus_with_another_number(tmp_path: Path) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path, bus=3))
    (tmp_path / "sys/bus/i2c/drivers/INA231/3-0040").rename(tmp_path / "sys/bus/i2c/drivers/INA231/0-0040")
    sensor.reopen()
    assert sensor.bus == "i2c-0"
    assert sensor.read().power_uw == 1_535_250


def test_a_chip_that_is_nowhere_is_gone(tmp_path: Path) -> None:
    sensor = opened(tmp_path, vendor_chip(tmp_path))
    (tmp_path / "sys/bus/i2c/drivers/INA231/3-0040").rename(tmp_path / "elsewhere")
    with pytest.raises(SensorError) as caught:
        sensor.reopen()
    assert caught.value.kind is Failure.GONE
    assert failure_of(sensor).kind is Failure.GONE


def test_the_true_shunt_and_the_gain_are_applied(tmp_path: Path) -> None:
    correction = Correction(shunt_uohm=20_000, gain=2.0)
    sensor = VendorIna231(
        vendor_chip(tmp_path), a_rail(), SteppingClock(), root=tmp_path, correction=correction
    )
    sensor.reopen()
    sample = sensor.read()
    assert (sample.power_uw, sample.current_ua) == (1_535_250, 641_023)
    assert sensor.accuracy().offset_ua == pytest.approx(2_500)


@given(voltage=st.binary(max_size=30), current=st.binary(max_size=30), enable=st.binary(max_size=5))
def test_whatever_the_attributes_hold_a_read_gives_a_power_or_a_sensor_error(
    tmp_path_factory: pytest.TempPathFactory, voltage: bytes, current: bytes, enable: bytes
) -> None:
    root = fresh_root(tmp_path_factory)
    chip = vendor_chip(root)
    for name, content in {"sensor_V": voltage, "sensor_A": current, "enable": enable}.items():
        (root / chip.path / name).write_bytes(content)
    sensor = opened(root, chip)
    try:
        assert 0 <= sensor.read().power_uw <= 28_000_000 * 9
    except SensorError:
        pass
    finally:
        sensor.close()


@given(text=st.from_regex(r"[0-9]{1,2}\.[0-9]{1,7}", fullmatch=True))
def test_only_six_decimals_are_a_value(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = fresh_root(tmp_path_factory)
    sensor = opened(root, vendor_chip(root, {**VENDOR, "sensor_A": text}))
    try:
        sample = sensor.read()
    except SensorError:
        pass
    else:
        assert len(text.split(".")[1]) == 6
        assert sample.current_ua == round(float(text) * 1e6)
    finally:
        sensor.close()
