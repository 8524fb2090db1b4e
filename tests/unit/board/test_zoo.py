"""The boards of the zoo: the golden texts, and what matters most about each."""

from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.parts import Board
from edged.board.unpack import unpack_dump
from edged.cli.board_text import WIDTH
from tests.boards import NAMES, README, about, tree
from tests.boards.golden import golden, printed
from tests.boards.support_table import with_table


@pytest.fixture
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Board:
    return discover(unpack_dump(tree(request.param), tmp_path, request.param))


def rails(board: Board) -> dict[str | None, int]:
    return {chip.rail: chip.address for chip in board.sensor_chips}


def missing(board: Board) -> dict[str, str]:
    return {absence.what: absence.why for absence in board.absences}


@pytest.mark.parametrize("name", NAMES)
def test_edged_board_prints_the_golden_text(name: str) -> None:
    assert printed(name) == golden(name), "if this is meant, run: python -m tests.boards"


@pytest.mark.parametrize("name", NAMES)
def test_the_text_fits_80_columns(name: str) -> None:
    assert max(len(line) for line in golden(name).splitlines()) <= WIDTH


@pytest.mark.parametrize("name", NAMES)
def test_a_line_says_what_the_board_is(name: str) -> None:
    assert about(name)
    assert "\n" not in about(name)


def test_the_readme_has_the_table_of_the_zoo() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme) == readme, "run: python -m tests.boards"


@pytest.mark.parametrize("board", ["xu3-mainline", "xu3-debian-kernel", "xu3-vendor-3.10"], indirect=True)
def test_an_xu3_has_its_four_rails_whatever_the_driver(board: Board) -> None:
    assert rails(board) == {"big": 0x40, "mem": 0x41, "gpu": 0x44, "little": 0x45}


@pytest.mark.parametrize(
    ("board", "driver"),
    [("xu3-mainline", "hwmon"), ("xu3-debian-kernel", "iio"), ("xu3-vendor-3.10", "vendor")],
    indirect=["board"],
)
def test_the_kernel_interface_of_each_sensor_is_told(board: Board, driver: str) -> None:
    assert {chip.driver for chip in board.sensor_chips} == {driver}


@pytest.mark.parametrize("board", [name for name in NAMES if name.startswith("xu")], indirect=True)
def test_cpus_0_to_3_of_an_exynos_5422_are_little_though_their_package_is_1(board: Board) -> None:
    assert [(c.name, c.core, c.cpus) for c in board.clusters] == [
        ("little", "Cortex-A7", (0, 1, 2, 3)),
        ("big", "Cortex-A15", (4, 5, 6, 7)),
    ]


@pytest.mark.parametrize("board", ["xu4-bare", "xu3-lite"], indirect=True)
def test_a_board_without_sensors_says_so_and_names_three_ways_to_add_them(board: Board) -> None:
    assert board.sensor_chips == ()
    absence = next(each for each in board.absences if each.what == "power sensors")
    assert absence.why == "this board has no power sensors"
    assert [
        next(w for w in ("INA226", "SmartPower3", "SmartPower2") if w in r) for r in absence.remedies
    ] == [
        "INA226",
        "SmartPower3",
        "SmartPower2",
    ]


@pytest.mark.parametrize("board", ["xu4-ina226"], indirect=True)
def test_address_0x40_on_another_controller_is_not_the_big_rail(board: Board) -> None:
    (chip,) = board.sensor_chips
    assert (chip.rail, chip.chip, chip.controller, chip.bus, chip.address) == (
        None,
        "ina226",
        "12c70000.i2c",
        1,
        0x40,
    )
    assert "rail of ina226 at 12c70000.i2c 0x40" in missing(board)


@pytest.mark.parametrize("board", ["xu4-smartpower3"], indirect=True)
def test_a_serial_port_with_the_id_of_a_smartpower3_is_proposed(board: Board) -> None:
    assert [port.device for port in board.meter_ports] == ["/dev/ttyUSB0"]
    assert any("/dev/ttyUSB0" in remedy for absence in board.absences for remedy in absence.remedies)


@pytest.mark.parametrize("board", ["rk3588"], indirect=True)
def test_two_clocks_of_one_kind_of_core_are_numbered(board: Board) -> None:
    assert [(c.name, c.cpus) for c in board.clusters] == [
        ("little", (0, 1, 2, 3)),
        ("big1", (4, 5)),
        ("big2", (6, 7)),
    ]
    limited = {device.name: device.cpu_cluster for device in board.cooling_devices}
    assert limited["cpufreq-cpu6"] == "big2"


@pytest.mark.parametrize("board", ["rk3588"], indirect=True)
def test_thermal_zones_shown_as_hwmon_are_no_power_sensors(board: Board) -> None:
    assert board.sensor_chips == ()


@pytest.mark.parametrize("board", ["x86-rapl"], indirect=True)
def test_a_pc_with_a_clock_for_each_cpu_is_one_cluster(board: Board) -> None:
    (cluster,) = board.clusters
    assert (cluster.name, cluster.cpus, len(cluster.further_policies)) == ("cpu", (0, 1, 2, 3), 3)
    assert not cluster.time_in_state


@pytest.mark.parametrize("board", ["x86-rapl"], indirect=True)
def test_each_rapl_counter_is_found_once_with_its_parent_in_its_name(board: Board) -> None:
    assert [zone.name for zone in board.powercap_zones] == ["package-0", "package-0/core", "package-0/dram"]


@pytest.mark.parametrize("board", ["x86-no-cpufreq"], indirect=True)
def test_a_virtual_machine_is_one_cluster_without_a_clock(board: Board) -> None:
    (cluster,) = board.clusters
    assert (cluster.name, cluster.cpus, cluster.policy, cluster.max_frequency_hz) == (
        "cpu",
        (0, 1),
        None,
        None,
    )
    assert "virtual machine" in missing(board)["clock frequencies"]


@pytest.mark.parametrize("board", ["xu4-no-1100mhz"], indirect=True)
def test_the_frequencies_are_those_of_the_kernel_not_a_ladder(board: Board) -> None:
    frequencies = board.cluster("little").frequencies_hz
    assert 1_100_000_000 not in frequencies
    assert 1_000_000_000 in frequencies
    assert len(frequencies) == 12


@pytest.mark.parametrize("board", ["xu3-vendor-3.10"], indirect=True)
def test_frequencies_listed_downwards_are_given_upwards(board: Board) -> None:
    frequencies = board.cluster("big").frequencies_hz
    assert list(frequencies) == sorted(frequencies)
    assert frequencies[-1] == 2_000_000_000


@pytest.mark.parametrize("board", ["xu3-vendor-3.10"], indirect=True)
def test_the_vendor_kernels_five_sensors_are_five_thermal_zones(board: Board) -> None:
    assert [zone.line for zone in board.thermal_zones] == [f"sensor{i}" for i in range(5)]


@pytest.mark.parametrize("board", ["xu3-mainline"], indirect=True)
def test_cooling_devices_are_bound_to_the_cluster_they_limit(board: Board) -> None:
    assert {device.name: device.cpu_cluster for device in board.cooling_devices} == {
        "pwm-fan": None,
        "cpufreq-cpu0": "little",
        "cpufreq-cpu4": "big",
        "devfreq-11800000.gpu": None,
    }


@pytest.mark.parametrize("board", ["xu3-mainline"], indirect=True)
def test_an_xu3_lacks_nothing(board: Board) -> None:
    assert board.absences == ()
    assert board.cluster("big").supply == "vdd_arm"
    assert board.memory is not None


@pytest.mark.parametrize("board", ["xu3-read-errors"], indirect=True)
def test_what_fails_to_be_read_just_now_is_still_part_of_the_board(board: Board) -> None:
    assert len(board.sensor_chips) == 4
    assert len(board.thermal_zones) == 5
    assert len(board.cooling_devices) == 4
    assert board.memory is not None
    assert "vdd_mem" in [regulator.name for regulator in board.regulators]
