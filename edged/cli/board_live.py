"""A live board: what it has, what the configuration adds, and what each rail draws now."""

from contextlib import closing
from dataclasses import replace

from edged.board.discover import discover
from edged.board.sysfs import Sysfs
from edged.cli.board_text import WIDTH, board_text
from edged.clock import Clock
from edged.config.power_section import PowerSection
from edged.power.as_configured import as_configured
from edged.power.glance import glance
from edged.power.open_sensors import no_answer, open_sensors
from edged.power.sensor import SensorError


def live_board_text(
    sysfs: Sysfs, power: PowerSection, clock: Clock, mark: str = "", width: int = WIDTH
) -> str:
    """The board as text, with live watts.

    Args:
        sysfs: Where the board is.
        power: Rails and meters of the configuration.
        clock: The time in which the board lives.
        mark: What people must know first of this board, such as that it is simulated; may be "".
        width: Most columns of a line.
    """
    rails, meters = power.rails(), power.meters()
    board = as_configured(discover(sysfs), rails, meters)
    with closing(open_sensors(board, rails, meters, root=sysfs.root, clock=clock)) as sensors:
        looks = glance(sensors, clock)
    silent = [no_answer(look) for look in looks.values() if isinstance(look, SensorError)]
    # A sensor that could not be opened has been told of, with the better reason.
    absences = {absence.what: absence for absence in (*silent, *sensors.absences, *board.absences)}
    return board_text(replace(board, absences=tuple(absences.values())), sysfs, looks, mark, width)
