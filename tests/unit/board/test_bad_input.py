"""Discovery below a root where attributes are missing, unreadable, empty, no numbers or links in a loop."""

import errno
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edged.board.discover import discover
from edged.board.dump_lines import Attribute, Entry, FailingRead, Link, format_entry, parse_lines
from edged.board.sysfs import Sysfs
from edged.board.unpack import unpack_dump
from edged.cli.board_text import board_text
from tests.boards import NAMES, tree

ENTRIES = {name: [entry for _, entry in parse_lines(tree(name), name)] for name in NAMES}
SPOILT: list[str | int] = [
    "",
    "\n",
    "nonsense\n",
    "-1\n",
    "99999999999999999999999\n",
    "<unknown>\n",
    "1 2 3\n",
    "٣\n",
    "0-\n",
    "9-1\n",
]
ERRORS: list[str | int] = [errno.EIO, errno.ENXIO, errno.EAGAIN, errno.EACCES, errno.ENODEV, errno.EINVAL]


def spoil(entry: Entry, how: str | int | None) -> Entry:
    """The attribute with other content, or failing; links stay."""
    if isinstance(entry, Link) or how is None:
        return entry
    return FailingRead(entry.path, how) if isinstance(how, int) else Attribute(entry.path, how.encode())


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.data())
def test_no_spoilt_attribute_makes_discovery_or_its_text_fail(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    entries = ENTRIES[name]
    spoilt = data.draw(
        st.dictionaries(st.integers(0, len(entries) - 1), st.sampled_from([*SPOILT, *ERRORS]), max_size=40)
    )
    text = "\n".join(format_entry(spoil(entry, spoilt.get(i))) for i, entry in enumerate(entries))
    sysfs = unpack_dump(text, tmp_path_factory.mktemp("board"), name)
    board = discover(sysfs)
    assert board_text(board, sysfs)
    cpus = [cpu for cluster in board.clusters for cpu in cluster.cpus]
    assert len(cpus) == len(set(cpus))
    for parts in (board.clusters, board.thermal_zones, board.cooling_devices, board.regulators):
        part_names = [part.name for part in parts]
        assert len(part_names) == len(set(part_names))


@pytest.mark.parametrize("how", [*SPOILT, *ERRORS])
@pytest.mark.parametrize("name", ["xu3-mainline", "x86-rapl"])
def test_a_board_of_which_every_attribute_is_spoilt_is_still_shown(
    name: str, how: str | int, tmp_path: Path
) -> None:
    text = "\n".join(format_entry(spoil(entry, how)) for entry in ENTRIES[name])
    sysfs = unpack_dump(text, tmp_path, name)
    assert "Missing" in board_text(discover(sysfs), sysfs)


def test_an_empty_root_lacks_everything_and_says_so(tmp_path: Path) -> None:
    board = discover(Sysfs(tmp_path))
    assert board.clusters == ()
    assert {absence.what for absence in board.absences} >= {"power sensors", "CPU clusters", "temperatures"}


def test_a_root_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert discover(Sysfs(tmp_path / "nowhere")).clusters == ()


def test_links_in_a_loop_are_absent(tmp_path: Path) -> None:
    for path in (
        "proc/cpuinfo",
        "sys/devices/system/cpu/online",
        "sys/devices/system/cpu/cpufreq/policy0",
        "sys/class/thermal/thermal_zone0",
        "sys/class/hwmon/hwmon0",
        "sys/class/tty/ttyUSB0",
        "sys/bus/i2c/drivers/INA231/3-0040",
    ):
        link = tmp_path / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(link.name)
    board = discover(Sysfs(tmp_path))
    assert (board.clusters, board.thermal_zones, board.sensor_chips, board.meter_ports) == ((), (), (), ())


def test_a_directory_where_a_file_should_be_is_absent(tmp_path: Path) -> None:
    (tmp_path / "proc/cpuinfo").mkdir(parents=True)
    (tmp_path / "sys/class/thermal/thermal_zone0/temp").mkdir(parents=True)
    assert "thermal_zone0" in board_text(discover(Sysfs(tmp_path)), Sysfs(tmp_path))


def test_a_device_whose_path_leads_out_of_the_root_has_no_identity(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "12c60000.i2c/i2c-0/0-0040"
    outside.mkdir(parents=True)
    (outside / "name").write_text("ina231\n")
    (root / "sys/class/hwmon").mkdir(parents=True)
    (root / "sys/class/hwmon/hwmon0").symlink_to(outside)
    assert discover(Sysfs(root)).sensor_chips == ()


@pytest.mark.parametrize(("code", "why"), [("EACCES", "root only"), ("EIO", "(EIO)")])
def test_rapl_counters_that_cannot_be_read_are_missing_with_the_reason(
    code: str, why: str, tmp_path: Path
) -> None:
    lines = [
        f"{line.split(chr(9))[0]}\t!{code}" if "energy_uj" in line.split("\t")[0] else line
        for line in tree("x86-rapl").splitlines()
    ]
    board = discover(unpack_dump("\n".join(lines), tmp_path))
    assert board.powercap_zones == ()
    assert why in next(each.why for each in board.absences if "RAPL" in each.what)


def test_an_xu3_whose_sensors_have_no_driver_names_the_module(tmp_path: Path) -> None:
    lines = [
        line
        for line in tree("xu3-mainline").splitlines()
        if not line.startswith(("/sys/class/hwmon/hwmon1", "/sys/class/hwmon/hwmon2"))
        and not line.startswith(("/sys/class/hwmon/hwmon3", "/sys/class/hwmon/hwmon4"))
        and "/driver\t" not in line
    ]
    absence = discover(unpack_dump("\n".join(lines), tmp_path)).absences[0]
    assert "no driver is bound to 0-0040, 0-0041, 0-0044, 0-0045" in absence.why
    assert "modprobe ina2xx" in absence.remedies[0]


def test_an_xu3_booted_with_the_device_tree_of_another_board_is_told_so(tmp_path: Path) -> None:
    lines = [
        line
        for line in tree("xu3-mainline").splitlines()
        if "/i2c/" not in line and not line.startswith("/sys/class/hwmon/")
    ]
    absence = discover(unpack_dump("\n".join(lines), tmp_path)).absences[0]
    assert "exynos5422-odroidxu3.dtb" in absence.remedies[0]


def test_cpus_that_are_offline_are_told_and_belong_to_no_cluster(tmp_path: Path) -> None:
    text = tree("xu4-bare").replace(
        "/sys/devices/system/cpu/online\t0-7", "/sys/devices/system/cpu/online\t0-4"
    )
    board = discover(unpack_dump(text, tmp_path))
    assert board.cluster("big").cpus == (4,)
    assert next(each for each in board.absences if each.why == "offline").what == "CPU 5-7"
