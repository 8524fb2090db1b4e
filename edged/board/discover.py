"""Finds out what a machine has."""

from dataclasses import replace

from edged.board.absences import missing
from edged.board.chips import discover_chips
from edged.board.clusters import discover_clusters
from edged.board.cooling import discover_cooling_devices
from edged.board.cpuinfo import parse_cpuinfo
from edged.board.identity import discover_identity
from edged.board.meter_ports import discover_meter_ports
from edged.board.optional import text_or_none
from edged.board.parts import Board
from edged.board.powercap import discover_powercap_zones
from edged.board.supplies import discover_memory, discover_regulators
from edged.board.sysfs import Sysfs
from edged.board.thermal import discover_zones


def discover(sysfs: Sysfs) -> Board:
    """The board below the root of `sysfs`.

    Never raises because of what it reads: what is missing or not understood is absent, and `Board.absences`
    says so where it matters. What is there but fails just now is part of the board: its readers tell.
    """
    cpuinfo = parse_cpuinfo(text_or_none(sysfs, "proc/cpuinfo") or "")
    identity = discover_identity(sysfs, cpuinfo)
    regulators = discover_regulators(sysfs)
    clusters = discover_clusters(sysfs, cpuinfo, [regulator.name for regulator in regulators])
    board = Board(
        identity=identity,
        clusters=clusters,
        thermal_zones=discover_zones(sysfs),
        cooling_devices=discover_cooling_devices(sysfs, clusters),
        regulators=regulators,
        memory=discover_memory(sysfs),
        sensor_chips=discover_chips(sysfs, identity.compatible),
        powercap_zones=discover_powercap_zones(sysfs),
        meter_ports=discover_meter_ports(sysfs),
    )
    return replace(board, absences=missing(sysfs, board))
