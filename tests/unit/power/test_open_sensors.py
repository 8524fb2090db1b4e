"""What a board can measure power with is opened, and the rest has its reason."""

import os
from pathlib import Path

import pytest

from edged.board.parts import Absence, Board, Identity, PowercapZone, SensorChip
from edged.board.sysfs import Sysfs
from edged.power.open_sensors import OpenSensors, open_sensors
from edged.power.settings import MeterConfig, MeterKind, RailConfig
from tests.unit.power.trees import (
    INA231,
    SteppingClock,
    hwmon_chip,
    iio_chip,
    vendor_chip,
    write_attributes,
)

IDENTITY = Identity("Hardkernel Odroid XU4", ("hardkernel,odroid-xu4",), "Exynos 5422", "6.6.75", "armv7l")
BREAKOUT = {**INA231, "name": "ina226", "in1_input": "5008", "curr1_input": "512", "power1_input": "2562500"}


def a_board(*chips: SensorChip, zones: tuple[PowercapZone, ...] = ()) -> Board:
    return Board(IDENTITY, (), sensor_chips=chips, powercap_zones=zones)


def of_rail(chip: SensorChip, rail: str, supplies: str = "") -> SensorChip:
    """The chip as discovery would tell it on an XU3."""
    return SensorChip(
        rail, chip.driver, chip.chip, chip.controller, chip.bus, chip.address, chip.path, supplies
    )


def opened(
    root: Path,
    board: Board,
    rails: tuple[RailConfig, ...] = (),
    meters: tuple[MeterConfig, ...] = (),
) -> OpenSensors:
    return open_sensors(board, rails, meters, root=root, clock=SteppingClock())


def the_absence(sensors: OpenSensors) -> Absence:
    (absence,) = sensors.absences
    return absence


def test_a_board_without_sensors_has_none() -> None:
    sensors = opened(Path("/nonexistent"), a_board())
    assert list(sensors) == []
    assert sensors.absences == ()


def test_the_four_rails_of_an_xu3_are_opened(tmp_path: Path) -> None:
    rails = {0x40: "big", 0x41: "mem", 0x44: "gpu", 0x45: "little"}
    chips = [
        of_rail(hwmon_chip(tmp_path, number=i, address=address), rail, f"supply of {rail}")
        for i, (address, rail) in enumerate(rails.items())
    ]
    sensors = opened(tmp_path, a_board(*chips))
    assert [sensor.rail.name for sensor in sensors.chips] == ["big", "mem", "gpu", "little"]
    assert [sensor.read().power_uw for sensor in sensors.chips] == [913 * 225] * 4
    assert {sensor.bus for sensor in sensors.chips} == {"i2c-0"}
    assert sensors.chips[0].rail.sensor == "ina231 12c60000.i2c 0x40"
    assert sensors.chips[0].rail.supplies == "supply of big"
    assert len({sensor.rail.sensor for sensor in sensors}) == 4
    assert {sensor.rail.name for sensor in sensors} == set(rails.values())
    sensors.close()


def test_each_driver_has_its_reader(tmp_path: Path) -> None:
    board = a_board(
        of_rail(hwmon_chip(tmp_path, address=0x40), "big"),
        of_rail(iio_chip(tmp_path, address=0x41), "mem"),
        vendor_chip(tmp_path, address=0x45, rail="little"),
    )
    sensors = opened(tmp_path, board)
    powers = {sensor.rail.name: sensor.read().power_uw for sensor in sensors.chips}
    assert powers == {"big": 205_425, "mem": 205_312, "little": 1_535_250}
    sensors.close()


def test_a_chip_that_nobody_names_is_not_opened_and_the_reason_says_what_to_write(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path, BREAKOUT, bus=1, controller="12c70000.i2c")
    sensors = opened(tmp_path, a_board(chip))
    assert list(sensors) == []
    absence = the_absence(sensors)
    assert absence.what == "rail of ina226 at 12c70000.i2c 0x40"
    assert 'i2c = "12c70000.i2c", address = 0x40' in absence.remedies[0]


@pytest.mark.parametrize("i2c", ["i2c-1", "12c70000.i2c"])
def test_an_external_chip_gets_its_rail_and_calibration_from_the_configuration(
    tmp_path: Path, i2c: str
) -> None:
    chip = hwmon_chip(tmp_path, BREAKOUT, bus=1, controller="12c70000.i2c")
    rail = RailConfig("board", i2c, 0x40, shunt_uohm=5_000, shunt_tolerance_ratio=0.001, gain=1.01)
    sensors = opened(tmp_path, a_board(chip), (rail,))
    (sensor,) = sensors.chips
    assert sensor.rail.name == "board"
    sample = sensor.read()
    assert sample.current_ua == 1_024_000
    assert sample.power_uw == round(5008 * 512 * 2 * 1.01)
    (accuracy,) = [sensor.accuracy() for sensor in sensors]
    assert accuracy.shunt_ratio == 0.001
    assert accuracy.offset_ua == pytest.approx(2_000)
    sensors.close()


def test_an_external_chip_at_0x40_is_not_the_rail_of_the_boards_own_at_0x40(tmp_path: Path) -> None:
    own = of_rail(hwmon_chip(tmp_path, number=0), "big")
    external = hwmon_chip(tmp_path, BREAKOUT, number=1, bus=1, controller="12c70000.i2c")
    rail = RailConfig("board", "12c70000.i2c", 0x40)
    sensors = opened(tmp_path, a_board(own, external), (rail,))
    assert {sensor.rail.name: sensor.read().current_ua for sensor in sensors.chips} == {
        "big": 225_000,
        "board": 512_000,
    }
    sensors.close()


def test_the_boards_own_rail_can_be_calibrated(tmp_path: Path) -> None:
    own = of_rail(hwmon_chip(tmp_path), "big", "Cortex-A15 cluster")
    sensors = opened(tmp_path, a_board(own), (RailConfig("big", "12c60000.i2c", 0x40, gain=0.99),))
    assert sensors.chips[0].read().power_uw == round(205_425 * 0.99)
    assert sensors.chips[0].rail.supplies == "Cortex-A15 cluster"
    sensors.close()


def test_a_configured_rail_without_a_chip_says_so(tmp_path: Path) -> None:
    absence = the_absence(opened(tmp_path, a_board(), (RailConfig("board", "i2c-1", 0x40),)))
    assert absence.what == "rail board"
    assert "i2c-1 0x40" in absence.why
    assert any("new_device" in remedy for remedy in absence.remedies)


def test_a_chip_of_a_kind_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    chip = hwmon_chip(tmp_path, {**INA231, "name": "ina260"}, bus=1)
    absence = the_absence(opened(tmp_path, a_board(chip), (RailConfig("board", "i2c-1", 0x40),)))
    assert "ina231" in absence.why


def test_two_sensors_cannot_have_one_rail(tmp_path: Path) -> None:
    first, second = hwmon_chip(tmp_path, number=0), hwmon_chip(tmp_path, number=1, address=0x41)
    rails = (RailConfig("board", "i2c-0", 0x40), RailConfig("board", "i2c-0", 0x41))
    sensors = opened(tmp_path, a_board(first, second), rails)
    assert [sensor.rail.address for sensor in sensors.chips] == ["0x40"]
    assert "already" in the_absence(sensors).why
    sensors.close()


def test_a_chip_that_does_not_answer_now_is_kept_for_when_it_comes_back(tmp_path: Path) -> None:
    chip = of_rail(hwmon_chip(tmp_path), "big")
    (tmp_path / chip.path / "curr1_input").rename(tmp_path / "away")
    sensors = opened(tmp_path, a_board(chip))
    assert "curr1_input" in the_absence(sensors).why
    (tmp_path / "away").rename(tmp_path / chip.path / "curr1_input")
    sensors.chips[0].reopen()
    assert sensors.chips[0].read().power_uw == 205_425
    sensors.close()


class TestCounters:
    """RAPL, on hosts that have it."""

    ZONE = PowercapZone("package-0", "sys/class/powercap/intel-rapl:0", 262_143_328_850)

    def test_a_readable_counter_is_opened(self, tmp_path: Path) -> None:
        write_attributes(tmp_path / self.ZONE.path, {"name": "package-0", "energy_uj": "5"})
        sensors = opened(tmp_path, a_board(zones=(self.ZONE,)))
        (counter,) = sensors.counters
        assert (counter.rail.name, counter.rail.chip) == ("package-0", "rapl")
        assert counter.read().energy_uj == 0
        assert [sensor.rail.name for sensor in sensors] == ["package-0"]
        sensors.close()

    def test_one_that_only_root_may_read_is_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_attributes(tmp_path / self.ZONE.path, {"name": "package-0", "energy_uj": "5"})
        real = os.open

        def refusing(path: Path, flags: int) -> int:
            if str(path).endswith("energy_uj"):
                raise PermissionError(13, "Permission denied")
            return real(path, flags)

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refusing)
            sensors = opened(tmp_path, a_board(zones=(self.ZONE,)))
        assert sensors.counters == ()
        absence = the_absence(sensors)
        assert "EACCES" in absence.why
        assert "root" in absence.remedies[0]


class TestMeters:
    """External meters of the configuration."""

    def test_one_that_does_not_answer_is_kept_with_its_reason(self, tmp_path: Path) -> None:
        device = str(tmp_path / "ttyUSB0")
        sensors = opened(tmp_path, a_board(), meters=(MeterConfig(MeterKind.SMARTPOWER3_SERIAL, device),))
        (meter,) = sensors.meters
        assert meter.rail.name == "board"
        assert meter.rail.sensor == f"smartpower3 {device} channel 0"
        assert device in the_absence(sensors).why
        assert the_absence(sensors).remedies
        sensors.close()

    @pytest.mark.parametrize("kind", [MeterKind.SMARTPOWER3_UDP, MeterKind.SMARTPOWER2])
    def test_an_address_that_is_none_says_so(self, tmp_path: Path, kind: MeterKind) -> None:
        sensors = opened(tmp_path, a_board(), meters=(MeterConfig(kind, "nowhere:at:all"),))
        assert sensors.meters == ()
        assert "is not an address" in the_absence(sensors).why

    def test_without_pyserial_the_reason_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(name: str) -> None:
            raise ModuleNotFoundError(name)

        monkeypatch.setattr("edged.power.smartpower3_serial.import_module", missing)
        sensors = opened(tmp_path, a_board(), meters=(MeterConfig(MeterKind.SMARTPOWER3_SERIAL, "/dev/x"),))
        assert "pyserial" in the_absence(sensors).why
        assert "edged[meters]" in the_absence(sensors).remedies[0]


def test_the_tree_that_the_kernel_showed_is_read_to_the_last_digit(shared: Path, tmp_path: Path) -> None:
    """The attributes of the real driver on four chips: shared/hardware/ina231-hwmon-kernel.tsv."""
    chips: dict[int, dict[str, str]] = {}
    for line in (shared / "hardware/ina231-hwmon-kernel.tsv").read_text().splitlines():
        path, _, content = line.partition("\t")
        parts = path.split("/")
        if path.startswith("/sys/class/hwmon/") and len(parts) == 6 and not content.startswith("-> "):
            chips.setdefault(int(parts[4].removeprefix("hwmon")), {})[parts[5]] = content
    addresses = {0: 0x40, 1: 0x41, 2: 0x44, 3: 0x45}
    found = [
        of_rail(hwmon_chip(tmp_path, chips[number], number=number, address=address), f"{address:#x}")
        for number, address in addresses.items()
    ]
    sensors = opened(tmp_path, a_board(*found))
    powers = [sensor.read().power_uw for sensor in sensors.chips]
    assert powers == [913 * 225, 1205 * 45, 900 * 90, 950 * 30]
    assert {sensor.averaging_s() for sensor in sensors.chips} == {0.0352}
    assert Sysfs(tmp_path).read_int("sys/class/hwmon/hwmon0/power1_input") == 200_000
    sensors.close()
