"""`edged board` with live watts."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from edged.board.sysfs import Sysfs
from edged.board.unpack import unpack_dump
from edged.cli.board import board
from edged.cli.board_live import live_board_text
from edged.cli.board_text import WIDTH
from edged.config.power_section import MeterEntry, PowerSection, RailEntry
from edged.errors import UsageError
from tests.boards import tree
from tests.unit.power.trees import SteppingClock

NOTHING = PowerSection()


def live(sysfs: Sysfs, power: PowerSection = NOTHING) -> dict[str, list[str]]:
    """The text's sections by their titles."""
    text = live_board_text(sysfs, power, SteppingClock())
    assert max(map(len, text.splitlines())) <= WIDTH
    sections = [section.splitlines() for section in text.strip().split("\n\n")[1:]]
    return {title: [line.strip() for line in lines] for title, *lines in sections}


def zoo(name: str, directory: Path) -> Sysfs:
    return unpack_dump(tree(name), directory, name)


def run(*arguments: str) -> str:
    return CliRunner().invoke(board, arguments, catch_exceptions=False).output


def test_each_rail_has_its_watts_volts_and_amperes(tmp_path: Path) -> None:
    shown = live(zoo("xu3-mainline", tmp_path))["Power now"]
    assert [line.split()[0] for line in shown] == ["big", "mem", "gpu", "little"]
    assert all(re.search(r" \d\.\d{3} W +\d\.\d{4} V +\d\.\d{3} A +ina231 ", line) for line in shown)


def test_a_sensor_that_fails_is_told_once_with_its_reason(tmp_path: Path) -> None:
    sysfs = zoo("xu3-mainline", tmp_path)
    for attribute in (tmp_path / "sys/class/hwmon").glob("*/curr1_input"):
        attribute.write_text("")
    sections = live(sysfs)
    assert [line.split()[1:3] for line in sections["Power now"]] == [["no", "answer"]] * 4
    reasons = [line for line in sections["Missing"] if line.startswith("rail ")]
    assert len(reasons) == 4
    assert "rail big by ina231 12c60000.i2c 0x40: /sys/class/hwmon/" in reasons[0]


def test_an_unknown_chip_is_missing_once_until_the_configuration_names_it(tmp_path: Path) -> None:
    sysfs = zoo("xu4-ina226", tmp_path)
    unnamed = live(sysfs)
    assert "Power now" not in unnamed
    assert sum("rail of ina226" in line for line in unnamed["Missing"]) == 1
    named = live(sysfs, PowerSection(rail=(RailEntry("board", "12c70000.i2c", 0x40),)))
    assert named["Missing"] == ["none"]
    assert named["Power"][0].startswith("board  ina226 at 12c70000.i2c 0x40")
    assert named["Power now"][0].split()[0] == "board"


def test_a_configured_meter_that_does_not_answer_is_what_is_missing(tmp_path: Path) -> None:
    gone = tmp_path / "no-such-port"
    meter = MeterEntry("smartpower3-serial", str(gone))
    sections = live(zoo("xu4-bare", tmp_path / "root"), PowerSection(meter=(meter,)))
    assert "no answer" in sections["Power now"][0]
    told = " ".join(sections["Missing"])
    assert told.count("rail board by smartpower3") == 1
    assert "power sensors" not in told


def test_a_simulated_board_is_live_and_marked(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text("")
    shown = run("--simulate", "xu3", "--config", str(config))
    assert shown.splitlines()[0] == "Hardkernel Odroid XU3 SIMULATED (seed 0)"
    assert shown.count(" W ") == 4
    assert run("--simulate", "xu3", "--seed", "0", "--config", str(config)) == shown
    assert run("--simulate", "xu3", "--seed", "1", "--config", str(config)) != shown


def test_a_simulated_xu4_has_no_watts() -> None:
    shown = run("--simulate", "xu4")
    assert " W " not in shown
    assert "this board has no power sensors" in shown


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--simulate", "xu5"), "no simulated board 'xu5'"),
        (("--seed", "3"), "--seed is that of a simulated board"),
        (("--simulate", "xu3", "--root", "/"), "--root and --simulate exclude each other"),
        (("--root", "/", "--config", "x"), "--config names sensors"),
        (("--config", "/nowhere/at/all"), "cannot be read"),
        (("--simulate", "xu3", "dump", "-"), "would be taken for a real one"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments: tuple[str, ...], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        run(*arguments)
