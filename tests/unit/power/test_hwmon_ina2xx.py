"""An INA2xx behind the kernel's hwmon driver."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.parts import SensorChip
from edged.power.conversions import Conversions
from edged.power.correction import Correction
from edged.power.hwmon_ina2xx import HwmonIna2xx
from edged.power.sensor import Failure, SensorError
from tests.unit.power.trees import (
    INA231,
    SteppingClock,
    a_rail,
    fresh_root,
    hwmon_chip,
    remove_chip,
    write_attributes,
)

MS = 1_000_000


def opened(root: Path, chip: SensorChip, clock: SteppingClock | None = None, **more: object) -> HwmonIna2xx:
    sensor = HwmonIna2xx(chip, a_rail(), clock or SteppingClock(), root=root, **more)  # type: ignore[arg-type]
    sensor.reopen()
    return sensor


def failure_of(sensor: HwmonIna2xx) -> SensorError:
    with pytest.raises(SensorError) as caught:
        sensor.read()
    assert caught.value.rail == sensor.rail
    return caught.value


def test_power_of_an_xu3_rail_is_voltage_times_current(tmp_path: Path) -> None:
    sample = opened(tmp_path, hwmon_chip(tmp_path)).read()
    assert (sample.voltage_uv, sample.current_ua) == (913_000, 225_000)
    assert sample.power_uw == 913 * 225  # the register says 200000, in steps of 6250


def test_every_read_asks_the_driver_again(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path)
    sensor = opened(tmp_path, chip)
    sensor.read()
    (tmp_path / chip.path / "curr1_input").write_text("300\n")
    assert sensor.read().power_uw == 913 * 300


def test_the_sample_is_stamped_between_before_and_after_the_read(tmp_path: Path) -> None:
    clock = SteppingClock()
    sensor = opened(tmp_path, hwmon_chip(tmp_path), clock)
    clock.looks_ns = [0, 2 * MS]
    assert sensor.read().at_ns == 1_000_000_000 + 1 * MS


def test_the_power_register_is_taken_where_its_step_is_finer(tmp_path: Path) -> None:
    breakout = {**INA231, "name": "ina226", "shunt_resistor": "100000"}
    breakout |= {"in1_input": "5008", "curr1_input": "512", "power1_input": "2561875"}
    assert opened(tmp_path, hwmon_chip(tmp_path, breakout)).read().power_uw == 2_561_875


def test_an_old_driver_with_its_coarse_register_is_read_by_voltage_times_current(tmp_path: Path) -> None:
    breakout = {**INA231, "name": "ina226", "shunt_resistor": "100000"}
    breakout |= {"in1_input": "5008", "curr1_input": "512", "power1_input": "2550000"}
    assert opened(tmp_path, hwmon_chip(tmp_path, breakout)).read().power_uw == 5008 * 512


def test_a_small_negative_current_keeps_its_sign(tmp_path: Path) -> None:
    sample = opened(tmp_path, hwmon_chip(tmp_path, {**INA231, "curr1_input": "-2"})).read()
    assert (sample.power_uw, sample.current_ua) == (-1826, -2000)


def test_the_power_register_gets_the_sign_of_the_current(tmp_path: Path) -> None:
    breakout = {**INA231, "name": "ina219", "shunt_resistor": "100000"}
    breakout |= {"in1_input": "5008", "curr1_input": "-4", "power1_input": "22000"}
    assert opened(tmp_path, hwmon_chip(tmp_path, breakout)).read().power_uw == -22_000


@pytest.mark.parametrize(
    ("attribute", "content", "said"),
    [
        ("power1_input", "-199029796", "wrapped"),
        ("curr1_input", "-500", "backwards"),
        ("curr1_input", "8192", "end of the chip's range"),
        ("curr1_input", "-8192", "backwards"),
        ("in1_input", "40959", "outside"),
        ("in1_input", "-1", "outside"),
        ("in1_input", "", "not a whole number"),
        ("in1_input", "garbage", "not a whole number"),
        ("curr1_input", "nan", "not a whole number"),
        ("curr1_input", "1e5", "not a whole number"),
        ("curr1_input", "1_0", "not a whole number"),
        ("curr1_input", "9" * 60, "not a whole number"),
    ],
)
def test_what_is_no_power_is_invalid(tmp_path: Path, attribute: str, content: str, said: str) -> None:
    failure = failure_of(opened(tmp_path, hwmon_chip(tmp_path, {**INA231, attribute: content})))
    assert failure.kind is Failure.INVALID
    assert said in failure.what


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.EIO, Failure.TRY_AGAIN),
        (errno.ENXIO, Failure.TRY_AGAIN),
        (errno.EAGAIN, Failure.TRY_AGAIN),
        (errno.ETIMEDOUT, Failure.TRY_AGAIN),
        (errno.EREMOTEIO, Failure.TRY_AGAIN),
        (errno.ECONNREFUSED, Failure.TRY_AGAIN),
        (errno.EBUSY, Failure.TRY_AGAIN),
        (errno.ENODEV, Failure.GONE),
        (errno.ENOENT, Failure.GONE),
    ],
)
def test_an_error_number_says_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: Failure
) -> None:
    sensor = opened(tmp_path, hwmon_chip(tmp_path))

    def failing(*_: object) -> bytes:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", failing)
        failure = failure_of(sensor)
    assert failure.kind is kind
    assert errno.errorcode[code] in failure.what
    assert failure.where == "/sys/class/hwmon/hwmon0/curr1_input"
    assert sensor.read().power_uw == 913 * 225


def test_a_fifo_in_place_of_an_attribute_does_not_hang_the_reader(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path)
    (tmp_path / chip.path / "curr1_input").unlink()
    os.mkfifo(tmp_path / chip.path / "curr1_input")
    assert failure_of(opened(tmp_path, chip)).kind is Failure.INVALID


def test_a_sensor_that_is_not_open_is_gone(tmp_path: Path) -> None:
    sensor = opened(tmp_path, hwmon_chip(tmp_path))
    sensor.close()
    sensor.close()
    assert failure_of(sensor).kind is Failure.GONE
    with pytest.raises(SensorError):
        sensor.averaging_s()


def test_a_chip_is_found_again_under_another_number(tmp_path: Path) -> None:
    first = hwmon_chip(tmp_path, number=0, address=0x40)
    second = hwmon_chip(tmp_path, {**INA231, "curr1_input": "45"}, number=1, address=0x41)
    sensor = opened(tmp_path, first)
    remove_chip(tmp_path, first)
    remove_chip(tmp_path, second)
    with pytest.raises(SensorError) as caught:
        sensor.reopen()
    assert caught.value.kind is Failure.GONE
    assert "0x40" in caught.value.what
    assert failure_of(sensor).kind is Failure.GONE
    os.symlink(  # the numbers are swapped now
        tmp_path / "sys/devices/platform/soc/12c60000.i2c/i2c-0/0-0041/hwmon/hwmon1",
        tmp_path / "sys/class/hwmon/hwmon0",
    )
    os.symlink(
        tmp_path / "sys/devices/platform/soc/12c60000.i2c/i2c-0/0-0040/hwmon/hwmon0",
        tmp_path / "sys/class/hwmon/hwmon1",
    )
    sensor.reopen()
    assert sensor.read().current_ua == 225_000


def test_a_chip_of_another_controller_at_the_same_address_is_not_taken_for_it(tmp_path: Path) -> None:
    own = hwmon_chip(tmp_path, number=0)
    hwmon_chip(tmp_path, number=1, bus=1, controller="12c70000.i2c")
    sensor = opened(tmp_path, own)
    remove_chip(tmp_path, own)
    with pytest.raises(SensorError, match="no ina231 at I2C address 0x40 of 12c60000"):
        sensor.reopen()


def test_an_adapter_that_got_another_number_is_followed(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path, number=0, bus=0)
    sensor = opened(tmp_path, chip)
    remove_chip(tmp_path, chip)
    hwmon_chip(tmp_path, number=3, bus=7)
    sensor.reopen()
    assert sensor.bus == "i2c-7"
    assert sensor.read().power_uw == 913 * 225


def test_chips_behind_one_multiplexer_are_told_apart_by_their_adapter(tmp_path: Path) -> None:
    mux = {"controller": "1-0070"}
    first = hwmon_chip(tmp_path, number=0, bus=5, **mux)  # type: ignore[arg-type]
    second = hwmon_chip(tmp_path, {**INA231, "curr1_input": "45"}, number=1, bus=6, **mux)  # type: ignore[arg-type]
    assert opened(tmp_path, second).read().current_ua == 45_000
    assert opened(tmp_path, first).read().current_ua == 225_000


def test_a_chip_whose_attributes_are_not_there_yet_stays_closed(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path)
    (tmp_path / chip.path / "power1_input").unlink()
    sensor = HwmonIna2xx(chip, a_rail(), SteppingClock(), root=tmp_path)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(SensorError, match="power1_input") as caught:
        sensor.reopen()
    assert caught.value.kind is Failure.GONE
    assert len(os.listdir("/proc/self/fd")) == before
    assert failure_of(sensor).kind is Failure.GONE


@pytest.mark.parametrize("shunt", ["0", "-1", "abc", ""])
def test_a_shunt_that_is_no_resistance_is_refused(tmp_path: Path, shunt: str) -> None:
    chip = hwmon_chip(tmp_path, {**INA231, "shunt_resistor": shunt})
    with pytest.raises(SensorError, match="shunt_resistor"):
        HwmonIna2xx(chip, a_rail(), SteppingClock(), root=tmp_path).reopen()


@pytest.mark.parametrize(
    ("told_ms", "averaging_s"),
    [(2, 0.0022), (9, 0.0088), (35, 0.0352), (141, 0.1408), (282, 0.2816), (563, 0.5632), (1126, 1.1264)],
)
def test_the_true_averaging_time_is_averages_times_conversions(
    tmp_path: Path, told_ms: int, averaging_s: float
) -> None:
    chip = hwmon_chip(tmp_path, {**INA231, "update_interval": str(told_ms)})
    assert opened(tmp_path, chip).averaging_s() == pytest.approx(averaging_s, rel=1e-12)


@pytest.mark.parametrize("told", ["0", "-35", "100000", "soon"])
def test_an_impossible_averaging_time_is_invalid(tmp_path: Path, told: str) -> None:
    chip = hwmon_chip(tmp_path, {**INA231, "update_interval": told})
    with pytest.raises(SensorError) as caught:
        opened(tmp_path, chip).averaging_s()
    assert caught.value.kind is Failure.INVALID


@pytest.mark.parametrize(
    ("asked_s", "told"),
    [(0.0, "2"), (0.035, "35"), (0.1, "141"), (1.0, "1126"), (3600.0, "2253"), (-1.0, "2")],
)
def test_averaging_is_asked_for_as_the_chip_can_do_it(tmp_path: Path, asked_s: float, told: str) -> None:
    chip = hwmon_chip(tmp_path, {**INA231, "update_interval": "1126"})
    assert opened(tmp_path, chip).set_averaging(asked_s)
    assert (tmp_path / chip.path / "update_interval").read_text() == f"{told}\n"


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL, errno.EIO])
@pytest.mark.parametrize("call", ["open", "write"])
def test_averaging_that_is_refused_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    sensor = opened(tmp_path, hwmon_chip(tmp_path))

    def refusing(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refusing)
        assert sensor.set_averaging(1.0) is False


def test_an_ina219_averages_over_one_conversion_and_cannot_change_that(tmp_path: Path) -> None:
    attributes = {name: text for name, text in INA231.items() if name != "update_interval"} | {
        "name": "ina219"
    }
    sensor = opened(tmp_path, hwmon_chip(tmp_path, attributes))
    assert sensor.averaging_s() == pytest.approx(0.001064)
    assert sensor.conversions() == Conversions(pair_ns=1_064_000)
    assert sensor.set_averaging(1.0) is False
    assert sensor.read().power_uw == 913 * 225


class TestAChipReset:
    """The driver repairs it and goes on, with default averaging, and may answer zero once."""

    @staticmethod
    def reset(root: Path, chip: SensorChip) -> None:
        write_attributes(root / chip.path, {"curr1_input": "0", "power1_input": "0", "update_interval": "35"})

    def test_its_zero_is_refused_and_the_averaging_told(self, tmp_path: Path) -> None:
        chip = hwmon_chip(tmp_path)
        sensor = opened(tmp_path, chip)
        sensor.set_averaging(1.0)
        sensor.read()
        self.reset(tmp_path, chip)
        failure = failure_of(sensor)
        assert failure.kind is Failure.INVALID
        assert "1126 ms" in failure.what

    def test_a_sudden_zero_is_no_power_before_it_has_stayed(self, tmp_path: Path) -> None:
        chip = hwmon_chip(tmp_path)
        clock = SteppingClock()
        sensor = opened(tmp_path, chip, clock)
        sensor.read()
        (tmp_path / chip.path / "curr1_input").write_text("0\n")
        assert failure_of(sensor).kind is Failure.INVALID
        clock.now_ns += 400 * MS
        assert failure_of(sensor).kind is Failure.INVALID
        clock.now_ns += 100 * MS
        assert [sensor.read().power_uw, sensor.read().power_uw] == [0, 0]

    def test_a_quiet_rail_may_read_no_current_at_any_time(self, tmp_path: Path) -> None:
        chip = hwmon_chip(tmp_path)
        (tmp_path / chip.path / "curr1_input").write_text("3\n")
        sensor = opened(tmp_path, chip)
        sensor.read()
        (tmp_path / chip.path / "curr1_input").write_text("0\n")
        assert sensor.read().power_uw == 0

    def test_a_zero_that_took_as_long_as_a_repair_is_refused(self, tmp_path: Path) -> None:
        chip = hwmon_chip(tmp_path)
        clock = SteppingClock()
        sensor = opened(tmp_path, chip, clock)
        sensor.read()
        (tmp_path / chip.path / "curr1_input").write_text("0\n")
        clock.looks_ns = [0, 70 * MS]
        assert failure_of(sensor).kind is Failure.INVALID

    def test_a_repair_within_the_read_is_noticed_although_the_current_is_back(self, tmp_path: Path) -> None:
        chip = hwmon_chip(tmp_path)
        clock = SteppingClock()
        sensor = opened(tmp_path, chip, clock)
        sensor.set_averaging(1.0)
        sensor.read()
        (tmp_path / chip.path / "update_interval").write_text("35\n")
        clock.looks_ns = [0, 70 * MS]
        assert failure_of(sensor).kind is Failure.INVALID
        assert sensor.read().power_uw == 913 * 225

    def test_a_slow_bus_is_no_reset(self, tmp_path: Path) -> None:
        clock = SteppingClock()
        sensor = opened(tmp_path, hwmon_chip(tmp_path), clock)
        sensor.read()
        clock.looks_ns = [0, 5_000 * MS]
        assert sensor.read().power_uw == 913 * 225

    def test_later_drivers_repair_when_the_power_register_is_read(self, tmp_path: Path) -> None:
        clock = SteppingClock()
        sensor = opened(tmp_path, hwmon_chip(tmp_path), clock)
        sensor.read()
        clock.sleep(1.0)
        clock.looks_ns = [0, 1 * MS, 70 * MS]
        failure = failure_of(sensor)
        assert failure.kind is Failure.INVALID
        assert "reset" in failure.what
        assert sensor.read().power_uw == 913 * 225

    def test_the_power_register_is_looked_at_once_a_second_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = SteppingClock()
        sensor = opened(tmp_path, hwmon_chip(tmp_path), clock)
        sensor.read()
        reads = []
        real = os.pread

        def counting(descriptor: int, size: int, offset: int) -> bytes:
            reads.append(descriptor)
            return real(descriptor, size, offset)

        monkeypatch.setattr(os, "pread", counting)
        for _ in range(100):
            clock.sleep(0.035)
            sensor.read()
        assert len(reads) == 100 * 2 + 3


def test_the_true_shunt_and_the_gain_are_applied(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path)
    correction = Correction(shunt_uohm=20_000, gain=1.01)
    sample = opened(tmp_path, chip, correction=correction).read()
    assert sample.current_ua == 112_500
    assert sample.power_uw == round(913 * 112.5 * 1.01)


def test_its_accuracy_follows_from_chip_and_shunt(tmp_path: Path) -> None:
    accuracy = opened(tmp_path, hwmon_chip(tmp_path)).accuracy()
    assert (accuracy.voltage_gain_ratio, accuracy.current_gain_ratio) == (0.005, 0.005)
    assert accuracy.shunt_ratio == 0.01
    assert accuracy.offset_ua == pytest.approx(5_000)  # 50 uV on 10 mohm
    assert accuracy.current_step_ua == 1_000
    assert accuracy.power_step_uw == 6_250


@given(current=st.binary(max_size=40), voltage=st.binary(max_size=40), power=st.binary(max_size=40))
def test_whatever_the_attributes_hold_a_read_gives_a_plausible_power_or_a_sensor_error(
    tmp_path_factory: pytest.TempPathFactory, current: bytes, voltage: bytes, power: bytes
) -> None:
    root = fresh_root(tmp_path_factory)
    chip = hwmon_chip(root)
    for name, content in (("curr1_input", current), ("in1_input", voltage), ("power1_input", power)):
        (root / chip.path / name).write_bytes(content)
    sensor = opened(root, chip)
    try:
        sample = sensor.read()
    except SensorError:
        pass
    else:
        assert sample.power_uw == int(voltage.strip(b"\0 \t\r\n")) * int(current.strip(b"\0 \t\r\n"))
        assert abs(sample.power_uw) <= 8_192_000 * 28
    finally:
        sensor.close()


@given(
    millivolts=st.integers(0, 28_000), milliamperes=st.integers(-20, 8_000), register=st.integers(0, 65_535)
)
def test_power_is_never_further_from_voltage_times_current_than_a_step(
    tmp_path_factory: pytest.TempPathFactory, millivolts: int, milliamperes: int, register: int
) -> None:
    root = fresh_root(tmp_path_factory)
    product_uw = millivolts * milliamperes
    consistent = max(0, abs(product_uw) // 6_250 - register % 2) * 6_250
    attributes = {
        "in1_input": str(millivolts),
        "curr1_input": str(milliamperes),
        "power1_input": str(consistent),
    }
    sensor = opened(root, hwmon_chip(root, {**INA231, **attributes}))
    sample = sensor.read()
    sensor.close()
    assert abs(sample.power_uw - product_uw) <= 2 * 6_250
