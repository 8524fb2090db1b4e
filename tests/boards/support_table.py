"""The README's table of supported boards, made from the zoo."""

import tempfile
from pathlib import Path

from edged.board.discover import discover
from edged.board.parts import Board, CpuCluster
from edged.board.unpack import unpack_dump
from tests.boards import NAMES, about, tree

BEGIN = "<!-- boards:begin -->"
END = "<!-- boards:end -->"
_COLUMNS = ("board", "kernel interface", "CPU clusters", "rails", "clock", "temperature", "throttling")
_INTERFACES = {"hwmon": "ina2xx (hwmon)", "iio": "ina2xx-adc (IIO)", "vendor": "INA231 (vendor 3.10)"}


def with_table(readme: str) -> str:
    """The README with the table between its markers made anew."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{support_table()}{END}{after}"


def support_table() -> str:
    """One row for each board of the zoo that is no variation of another."""
    rows = [_row(name) for name in NAMES if not about(name).startswith("Variation of")]
    lines = [" | ".join(row) for row in (_COLUMNS, ["---"] * len(_COLUMNS), *sorted(rows))]
    return "".join(f"| {line} |\n" for line in lines)


def _row(name: str) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as directory:
        board = discover(unpack_dump(tree(name), Path(directory), name))
    return (
        f"{board.identity.model} ({name})",
        _interface(board),
        "; ".join(_cluster(cluster) for cluster in board.clusters),
        _rails(board),
        "yes" if all(cluster.policy for cluster in board.clusters) else "no",
        f"{len(board.thermal_zones)} sensors" if board.thermal_zones else "no",
        "yes" if any(device.cpu_cluster for device in board.cooling_devices) else "no",
    )


def _interface(board: Board) -> str:
    drivers = {_INTERFACES[chip.driver] for chip in board.sensor_chips}
    drivers |= {"powercap (RAPL)"} if board.powercap_zones else set()
    drivers |= {"USB serial"} if board.meter_ports else set()
    return ", ".join(sorted(drivers)) or "none for power"


def _cluster(cluster: CpuCluster) -> str:
    return f"{cluster.name}: {len(cluster.cpus)} x {cluster.core}"


def _rails(board: Board) -> str:
    rails = [chip.rail or "named in edged.toml" for chip in board.sensor_chips]
    rails += [zone.name for zone in board.powercap_zones]
    rails += ["board" for _ in board.meter_ports]
    if not rails and board.identity.virtual:
        return "none"
    return ", ".join(rails) or "none; `board` with a SmartPower2 or 3"
