"""edged finds what the real kernel shows, and nothing else."""

import io
from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.dump import write_dump
from edged.board.parts import Board
from edged.board.sysfs import Sysfs
from edged.board.unpack import unpack_dump
from tests.system.vm.guest import chips


@pytest.fixture(autouse=True)
def fresh_chips() -> None:
    chips.reset()


def found() -> Board:
    return discover(Sysfs())


def test_four_sensors_are_found_by_bus_and_address() -> None:
    sensors = [(chip.driver, chip.chip, chip.bus, chip.address) for chip in found().sensor_chips]
    assert sensors == [("hwmon", "ina231", chips.BUS, address) for address in chips.ADDRESSES]


def test_a_chip_at_the_address_of_the_big_rail_is_not_the_big_rail_of_another_board() -> None:
    assert {chip.rail for chip in found().sensor_chips} == {None}


def test_sensors_keep_their_addresses_when_hwmon_numbers_swap() -> None:
    before = {chip.address: chip.path for chip in found().sensor_chips}
    swap_first_two()
    after = {chip.address: chip.path for chip in found().sensor_chips}
    assert after == before | {0x40: before[0x41], 0x41: before[0x40]}


def test_a_chip_that_was_taken_away_is_not_found() -> None:
    chips.remove(0x44)
    assert [chip.address for chip in found().sensor_chips] == [0x40, 0x41, 0x45]


def test_a_thermal_zone_mirrored_as_hwmon_is_no_power_sensor() -> None:
    names = {path.read_text().strip() for path in Path("/sys/class/hwmon").glob("*/name")}
    assert names == {"ina231", "cpu0_thermal", "gpu_thermal"}
    assert len(found().sensor_chips) == len(chips.ADDRESSES)


def test_the_clock_and_its_cooling_belong_to_the_one_cpu_cluster() -> None:
    board = found()
    (cluster,) = board.clusters
    assert (cluster.name, cluster.cpus) == ("cpu", (0,))
    assert (cluster.min_frequency_hz, cluster.max_frequency_hz) == (200_000_000, 1_400_000_000)
    assert [(device.cpu_cluster, device.max_state) for device in board.cooling_devices] == [("cpu", 12)]
    assert [zone.name for zone in board.thermal_zones] == ["cpu0-thermal", "gpu-thermal"]


def test_a_dump_of_this_board_shows_the_same_board(tmp_path: Path) -> None:
    dump = io.StringIO()
    write_dump(Sysfs(), dump)
    assert discover(unpack_dump(dump.getvalue(), tmp_path, name="dump")) == found()


def swap_first_two() -> None:
    for address in (0x40, 0x41):
        chips.remove(address)
    for address in (0x41, 0x40):
        chips.add(address)
