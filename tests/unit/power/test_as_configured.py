"""What the configuration names is no longer missing."""

import pytest

from edged.board.discover import discover
from edged.board.parts import Absence, Board
from edged.board.unpack import unpack_dump
from edged.power.as_configured import as_configured
from edged.power.settings import MeterConfig, MeterKind, RailConfig
from tests.boards import tree

BREAKOUT = RailConfig("board", "12c70000.i2c", 0x40, supplies="5 V input")
METER = MeterConfig(MeterKind.SMARTPOWER3_SERIAL, "/dev/ttyUSB0")


@pytest.fixture
def board(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Board:
    return discover(unpack_dump(tree(request.param), tmp_path_factory.mktemp("board"), request.param))


def power_absences(board: Board) -> list[Absence]:
    return [each for each in board.absences if "power" in each.what or "rail" in each.what]


@pytest.mark.parametrize("board", ["xu4-ina226", "xu3-mainline", "xu4-bare"], indirect=True)
def test_without_a_configuration_the_board_stays_as_it_is(board: Board) -> None:
    assert as_configured(board, (), ()) == board


@pytest.mark.parametrize("board", ["xu4-ina226"], indirect=True)
def test_a_chip_has_the_rail_that_the_configuration_names(board: Board) -> None:
    assert power_absences(board)
    known = as_configured(board, (BREAKOUT,), ())
    assert [(chip.rail, chip.supplies) for chip in known.sensor_chips] == [("board", "5 V input")]
    assert power_absences(known) == []


@pytest.mark.parametrize("board", ["xu4-ina226"], indirect=True)
def test_a_rail_elsewhere_leaves_the_chip_unknown(board: Board) -> None:
    assert power_absences(as_configured(board, (RailConfig("board", "i2c-9", 0x40),), ())) != []


@pytest.mark.parametrize("board", ["xu4-smartpower3"], indirect=True)
def test_the_port_of_a_configured_meter_is_no_guess(board: Board) -> None:
    assert [port.device for port in board.meter_ports] == ["/dev/ttyUSB0"]
    known = as_configured(board, (), (METER,))
    assert known.meter_ports == ()
    assert power_absences(known) == []


@pytest.mark.parametrize("board", ["xu3-mainline"], indirect=True)
def test_a_calibration_leaves_the_boards_own_rails_as_they_are(board: Board) -> None:
    calibrated = as_configured(board, (RailConfig("big", "12c60000.i2c", 0x40, gain=1.01),), ())
    assert calibrated == board


@pytest.mark.parametrize("board", ["xu3-debian-kernel"], indirect=True)
def test_other_absences_stay(board: Board) -> None:
    other = Absence("temperatures", "the kernel shows no thermal zones")
    board = Board(board.identity, board.clusters, absences=(other,))
    assert as_configured(board, (), (METER,)).absences == (other,)
