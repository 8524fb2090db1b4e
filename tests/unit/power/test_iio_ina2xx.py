"""An INA2xx behind the kernel's IIO driver, the only one of Debian's own kernels."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.board.parts import SensorChip
from edged.power.conversions import Conversions
from edged.power.correction import NO_CORRECTION, Correction
from edged.power.iio_ina2xx import IioIna2xx
from edged.power.sensor import Failure, SensorError
from tests.unit.power.trees import INA231_IIO, SteppingClock, a_rail, fresh_root, iio_chip, remove_chip


def opened(
    root: Path, chip: SensorChip, clock: SteppingClock | None = None, correction: Correction = NO_CORRECTION
) -> IioIna2xx:
    sensor = IioIna2xx(chip, a_rail(), clock or SteppingClock(), root=root, correction=correction)
    sensor.reopen()
    return sensor


def failure_of(sensor: IioIna2xx) -> SensorError:
    with pytest.raises(SensorError) as caught:
        sensor.read()
    return caught.value


def test_power_is_shunt_voltage_over_shunt_times_bus_voltage_in_the_chips_own_steps(tmp_path: Path) -> None:
    sample = opened(tmp_path, iio_chip(tmp_path)).read()
    assert sample.voltage_uv == 912_500  # hwmon would say 913
    assert sample.current_ua == 225_000
    assert sample.power_uw == 205_312  # 205312.5, to the even microwatt


def test_a_current_of_a_quarter_milliampere_is_seen(tmp_path: Path) -> None:
    chip = iio_chip(tmp_path, {**INA231_IIO, "in_voltage0_raw": "901"})
    assert opened(tmp_path, chip).read().current_ua == 225_250


@pytest.mark.parametrize("text", ["0.010000000", "10000"])
def test_the_shunt_is_told_in_ohms_today_and_in_microohms_by_old_drivers(tmp_path: Path, text: str) -> None:
    chip = iio_chip(tmp_path, {**INA231_IIO, "in_shunt_resistor": text})
    assert opened(tmp_path, chip).read().current_ua == 225_000


def test_the_true_shunt_and_the_gain_are_applied(tmp_path: Path) -> None:
    sensor = opened(tmp_path, iio_chip(tmp_path), correction=Correction(shunt_uohm=20_000, gain=2.0))
    sample = sensor.read()
    assert sample.current_ua == 112_500
    assert sample.power_uw == 205_312
    assert sensor.accuracy().current_step_ua == 125


@pytest.mark.parametrize("integration", ["0.001100", "0.001110"])
def test_the_averaging_time_is_ratio_times_both_conversions(tmp_path: Path, integration: str) -> None:
    times = {f"in_voltage{channel}_integration_time": integration for channel in (0, 1)}
    chip = iio_chip(tmp_path, {**INA231_IIO, **times, "in_oversampling_ratio": "16"})
    assert opened(tmp_path, chip).averaging_s() == pytest.approx(0.0352)


def test_the_ratio_is_chosen_for_the_conversion_times_as_they_are(tmp_path: Path) -> None:
    times = {f"in_voltage{channel}_integration_time": "0.008244" for channel in (0, 1)}
    chip = iio_chip(tmp_path, {**INA231_IIO, **times})
    sensor = opened(tmp_path, chip)
    assert sensor.set_averaging(1.0)
    assert (tmp_path / chip.path / "in_oversampling_ratio").read_text() == "64\n"
    assert sensor.conversions() == Conversions(pair_ns=2_200_000)  # before it is asked how it averages
    assert sensor.averaging_s() == pytest.approx(64 * 2 * 0.008244)
    assert sensor.conversions() == Conversions(pair_ns=16_488_000)


def test_an_ina219_has_no_ratio(tmp_path: Path) -> None:
    attributes = {name: text for name, text in INA231_IIO.items() if name != "in_oversampling_ratio"}
    times = {f"in_voltage{channel}_integration_time": "0.000532" for channel in (0, 1)}
    sensor = opened(tmp_path, iio_chip(tmp_path, {**attributes, **times, "name": "ina219"}))
    assert sensor.averaging_s() == pytest.approx(0.001064)
    assert not sensor.set_averaging(1.0)
    assert sensor.read().current_ua == 225_000


@pytest.mark.parametrize(
    ("attribute", "content"),
    [
        ("in_voltage0_raw", ""),
        ("in_voltage0_raw", "text"),
        ("in_voltage0_raw", "-800"),
        ("in_voltage0_raw", "32767"),
        ("in_voltage1_raw", "-1"),
        ("in_voltage1_raw", "65535"),
    ],
)
def test_what_is_no_power_is_invalid(tmp_path: Path, attribute: str, content: str) -> None:
    failure = failure_of(opened(tmp_path, iio_chip(tmp_path, {**INA231_IIO, attribute: content})))
    assert failure.kind is Failure.INVALID


@pytest.mark.parametrize("attribute", ["in_shunt_resistor", "in_voltage0_scale", "in_voltage1_scale"])
@pytest.mark.parametrize("content", ["0", "-1.0", "nan", "inf", "", "1e9"])
def test_a_scale_that_is_none_is_refused(tmp_path: Path, attribute: str, content: str) -> None:
    chip = iio_chip(tmp_path, {**INA231_IIO, attribute: content})
    with pytest.raises(SensorError, match=attribute):
        opened(tmp_path, chip)


class TestAChipReset:
    """The driver never notices: the current register stays 0, and the averaging is gone."""

    def test_the_averaging_is_restored_and_one_reading_refused(self, tmp_path: Path) -> None:
        clock = SteppingClock()
        chip = iio_chip(tmp_path)
        sensor = opened(tmp_path, chip, clock)
        sensor.read()
        (tmp_path / chip.path / "in_current3_raw").write_text("0\n")
        clock.sleep(1.0)
        failure = failure_of(sensor)
        assert failure.kind is Failure.INVALID
        assert "reset" in failure.what
        assert sensor.read().current_ua == 225_000
        clock.sleep(1.0)
        assert sensor.read().current_ua == 225_000

    def test_without_the_right_to_restore_it_nothing_is_believed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chip = iio_chip(tmp_path, {**INA231_IIO, "in_current3_raw": "0"})
        sensor = opened(tmp_path, chip)

        real = os.open

        def refusing(path: Path, flags: int) -> int:
            if flags & os.O_WRONLY:
                raise PermissionError(13, "Permission denied")
            return real(path, flags)

        monkeypatch.setattr(os, "open", refusing)
        failures = [failure_of(sensor) for _ in range(3)]
        assert {failure.kind for failure in failures} == {Failure.INVALID}
        assert "as root" in failures[-1].remedy

    def test_a_rail_that_uses_nothing_is_no_reset(self, tmp_path: Path) -> None:
        chip = iio_chip(tmp_path, {**INA231_IIO, "in_current3_raw": "0", "in_voltage0_raw": "0"})
        assert opened(tmp_path, chip).read().power_uw == 0


def test_a_chip_is_found_again_under_another_number(tmp_path: Path) -> None:
    chip = iio_chip(tmp_path, number=0)
    sensor = opened(tmp_path, chip)
    remove_chip(tmp_path, chip)
    with pytest.raises(SensorError) as caught:
        sensor.reopen()
    assert caught.value.kind is Failure.GONE
    iio_chip(tmp_path, {**INA231_IIO, "in_voltage0_raw": "4"}, number=0, address=0x41)
    iio_chip(tmp_path, number=5, address=0x40)
    sensor.reopen()
    assert sensor.read().current_ua == 225_000


@given(shunt=st.binary(max_size=30), voltage=st.binary(max_size=30), current=st.binary(max_size=30))
def test_whatever_the_attributes_hold_a_read_gives_a_plausible_power_or_a_sensor_error(
    tmp_path_factory: pytest.TempPathFactory, shunt: bytes, voltage: bytes, current: bytes
) -> None:
    root = fresh_root(tmp_path_factory)
    chip = iio_chip(root)
    contents = {"in_voltage0_raw": shunt, "in_voltage1_raw": voltage, "in_current3_raw": current}
    for name, content in contents.items():
        (root / chip.path / name).write_bytes(content)
    sensor = opened(root, chip)
    try:
        sample = sensor.read()
    except SensorError:
        pass
    else:
        assert sample.current_ua == int(shunt.strip(b"\0 \t\r\n")) * 250
        assert abs(sample.power_uw) <= 8_192_000 * 28
    finally:
        sensor.close()
