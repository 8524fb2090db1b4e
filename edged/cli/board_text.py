"""The board as text for people: a section for each subject, what is missing at the end."""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec

from edged.board.cooling import cooling_state
from edged.board.cpu_list import format_cpu_list
from edged.board.frequency import current_frequency_hz, frequency_limit_hz
from edged.board.parts import (
    Absence,
    Board,
    CoolingDevice,
    CpuCluster,
    Identity,
    MemoryController,
    Regulator,
    TripPoint,
)
from edged.board.plausible import judge
from edged.board.supplies import memory_frequency_hz, set_point_uv
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import temperature_c
from edged.cli.power_now import power_now_rows
from edged.power.glance import Look
from edged.power.reading import Rail

WIDTH = 80
HZ_PER_MHZ = 1_000_000
UV_PER_V = 1_000_000
# A PC has one such device for each CPU.
_MANY = 3

_Arguments = ParamSpec("_Arguments")


def board_text(
    board: Board,
    sysfs: Sysfs,
    looks: Mapping[Rail, Look] | None = None,
    mark: str = "",
    width: int = WIDTH,
) -> str:
    """The board, with what can be read of it now.

    Args:
        board: What was discovered.
        sysfs: Where it was discovered.
        looks: What each rail draws now; None for a board that is not live.
        mark: What stands beside the board's name; may be "".
        width: Most columns of a line.
    """
    sections = [
        ("CPU clusters", _table((_cluster_row(cluster) for cluster in board.clusters), width)),
        ("Clocks now", _table(_clock_rows(board, sysfs), width)),
        ("Temperatures now", _table(_temperature_rows(board, sysfs), width)),
        ("Cooling", _table(_cooling_rows(board, sysfs), width)),
        ("Supplies (set points)", _paragraph(", ".join(_set_points(board, sysfs)), width)),
        ("Power", _table(_power_rows(board), width)),
        *([("Power now", _table(power_now_rows(looks), width))] if looks else []),
        ("Missing", [line for absence in board.absences for line in _absence(absence, width)]),
    ]
    parts = ["\n".join(_identity(board.identity, mark, width))]
    parts += [f"{title}\n" + "\n".join(lines or ["  none"]) for title, lines in sections]
    return "\n\n".join(parts) + "\n"


def _identity(identity: Identity, mark: str, width: int) -> list[str]:
    facts = [
        ("soc", identity.soc),
        ("kernel", " ".join(part for part in (identity.kernel, identity.machine) if part)),
        ("device tree", identity.compatible[0] if identity.compatible else ""),
    ]
    return [
        f"{identity.model} {mark}".rstrip(),
        *_table(((name, value) for name, value in facts if value), width),
    ]


def _cluster_row(cluster: CpuCluster) -> tuple[str, ...]:
    clocks = ""
    if cluster.min_frequency_hz and cluster.max_frequency_hz:
        clocks = f"{_mhz(cluster.min_frequency_hz)}-{_mhz(cluster.max_frequency_hz)} MHz"
    core = f"{len(cluster.cpus)} x {cluster.core or 'core of unknown kind'}"
    return (cluster.name, core, f"CPU {format_cpu_list(cluster.cpus)}", clocks, cluster.governor or "")


def _clock_rows(board: Board, sysfs: Sysfs) -> Iterable[tuple[str, ...]]:
    for cluster in board.clusters:
        if cluster.policy is not None:
            yield (cluster.name, _or_failure(_clock, cluster, board, sysfs))
    if board.memory is not None:
        yield ("memory", _or_failure(_memory_clock, board.memory, sysfs))


def _clock(cluster: CpuCluster, board: Board, sysfs: Sysfs) -> str:
    now = f"{_mhz(current_frequency_hz(sysfs, cluster))} MHz"
    limit = frequency_limit_hz(sysfs, cluster)
    if not cluster.max_frequency_hz or limit >= cluster.max_frequency_hz:
        return now
    by_whom = "throttled" if _throttled(cluster, board, sysfs) else "by the user"
    return f"{now}, limited to {_mhz(limit)} MHz ({by_whom})"


def _throttled(cluster: CpuCluster, board: Board, sysfs: Sysfs) -> bool:
    limiting = (device for device in board.cooling_devices if device.cpu_cluster == cluster.name)
    return any(cooling_state(sysfs, device) > 0 for device in limiting)


def _memory_clock(memory: MemoryController, sysfs: Sysfs) -> str:
    return f"{_mhz(memory_frequency_hz(sysfs, memory))} MHz"


def _temperature_rows(board: Board, sysfs: Sysfs) -> Iterable[tuple[str, ...]]:
    read = {}
    failures = {}
    for zone in board.thermal_zones:
        try:
            read[zone.name] = temperature_c(sysfs, zone)
        except SysfsError as error:
            failures[zone.name] = error.what
    rejected = judge(read).rejected
    for zone in board.thermal_zones:
        if zone.name in failures:
            yield (zone.name, failures[zone.name])
            continue
        bogus = " (bogus)" if zone.name in rejected else ""
        yield (zone.name, f"{read[zone.name]:.0f} °C{bogus}", _trips(zone.trips))


def _trips(trips: Sequence[TripPoint]) -> str:
    """`passive 70, 85; critical 120`: active trips switch fans, and matter less."""
    parts = []
    for action in ("passive", "hot", "critical"):
        temperatures = sorted({trip.temperature_c for trip in trips if trip.action == action})
        if temperatures:
            parts.append(f"{action} {', '.join(f'{each:.0f}' for each in temperatures)} °C")
    return "; ".join(parts)


def _cooling_rows(board: Board, sysfs: Sysfs) -> Iterable[tuple[str, ...]]:
    alike: dict[str, list[CoolingDevice]] = {}
    for device in board.cooling_devices:
        alike.setdefault(re.sub(r"-[0-9]+$", "", device.name), []).append(device)
    for name, devices in alike.items():
        if len(devices) > _MANY:
            yield (f"{len(devices)} x {name}", "", "")
            continue
        for device in devices:
            effect = f"limits the clock of {device.cpu_cluster}" if device.cpu_cluster else ""
            yield (device.name, effect, _or_failure(_state, device, sysfs))


def _state(device: CoolingDevice, sysfs: Sysfs) -> str:
    return f"state {cooling_state(sysfs, device)} of {device.max_state}"


def _set_points(board: Board, sysfs: Sysfs) -> Iterable[str]:
    for regulator in board.regulators:
        yield f"{regulator.name} {_or_failure(_volts, regulator, sysfs)}"


def _volts(regulator: Regulator, sysfs: Sysfs) -> str:
    return f"{set_point_uv(sysfs, regulator) / UV_PER_V:.4f} V"


def _power_rows(board: Board) -> Iterable[tuple[str, ...]]:
    for chip in board.sensor_chips:
        where = f"{chip.controller or f'i2c-{chip.bus}'} {chip.address:#04x}"
        yield (chip.rail or "(rail not known)", f"{chip.chip} at {where}, {chip.driver}", chip.supplies)
    for zone in board.powercap_zones:
        yield (zone.name, "RAPL energy counter", "")
    for port in board.meter_ports:
        yield ("(board)", f"{port.device}, USB {port.usb_id}", "may be a SmartPower3")


def _absence(absence: Absence, width: int) -> list[str]:
    lines = textwrap.wrap(
        f"{absence.what}: {absence.why}", width, initial_indent="  ", subsequent_indent="    "
    )
    for remedy in absence.remedies:
        lines += textwrap.wrap(remedy, width, initial_indent="    + ", subsequent_indent="      ")
    return lines


def _table(rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """Rows with aligned columns; a last column that is too long for the line goes on below itself."""
    table = list(rows)
    widths: list[int] = []
    for row in table:
        widths += [0] * (len(row) - len(widths))
        for i, cell in enumerate(row[:-1]):
            widths[i] = max(widths[i], len(cell))
    lines = []
    for row in table:
        before = "  " + "".join(f"{cell:<{widths[i]}}  " for i, cell in enumerate(row[:-1]))
        last = textwrap.wrap(row[-1], max(width - len(before), 20)) or [""]
        lines.append(f"{before}{last[0]}".rstrip())
        lines += [" " * len(before) + more for more in last[1:]]
    return lines


def _paragraph(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")


def _mhz(frequency_hz: int) -> str:
    return f"{frequency_hz / HZ_PER_MHZ:.0f}"


def _or_failure(show: Callable[_Arguments, str], *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> str:
    """What `show` says, or why it cannot be read."""
    try:
        return show(*args, **kwargs)
    except SysfsError as error:
        return error.what
