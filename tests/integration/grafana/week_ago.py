"""History: what a board says now, told as if it had said so before, and been faster a week ago.

One case was not measured at the very time a week ago, and one was measured badly then.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_WEEK_S = 7 * 86_400
# Medians have steps of ten minutes, of which there are some; tests take a while.
_WEEK_AGO_S = range(-2_400, 1_201, 60)
_JUST_NOW_S = range(-1_500, 0, 60)
# Instant queries look back five minutes.
_GAP_S = range(-900, 1_201)
_ODD_S = range(-300, 1_201)
_TOLD = re.compile(r"(edged_measurement_\w+)\{(.*)\} (\S+)$")
# So much less an inference took and cost.
FASTER = 0.8
WITH_GAP = ("mobilenet_v1_0.25_224", "little")
WITH_ODD_ONE = ("mobilenet_v1_0.5_224", "little")
_ODD = 5.0
_SCALED = ("edged_measurement_latency_seconds", "edged_measurement_net_energy_joules")


def write_blocks(exposition: str, labels: str, directory: Path) -> None:
    """Blocks of a time series database with a board's results of a week ago and of the last minutes.

    Args:
        exposition: What the board says now.
        labels: The labels that Prometheus would add, in its notation.
        directory: Where the database is.
    """
    for number, lines in enumerate((_week_ago(exposition, labels), _just_now(exposition, labels))):
        text = directory.with_suffix(f".{number}.om")
        text.write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
        command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(directory)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def _week_ago(exposition: str, labels: str) -> Iterator[str]:
    then_s = int(time.time()) - _WEEK_S
    for name, own, value in _told(exposition):
        scale = FASTER if name in _SCALED else 1.0
        for offset_s in _WEEK_AGO_S:
            if offset_s in _GAP_S and _is_of(WITH_GAP, own):
                continue
            odd = _ODD if offset_s in _ODD_S and _is_of(WITH_ODD_ONE, own) else 1.0
            yield f"{name}{{{labels},{own}}} {value * scale * odd!r} {then_s + offset_s}"


def _just_now(exposition: str, labels: str) -> Iterator[str]:
    now_s = int(time.time()) - 10
    for name, own, value in _told(exposition):
        for offset_s in _JUST_NOW_S:
            yield f"{name}{{{labels},{own}}} {value!r} {now_s + offset_s}"


def _told(exposition: str) -> Iterator[tuple[str, str, float]]:
    for line in exposition.splitlines():
        if told := _TOLD.match(line):
            yield told[1], told[2], float(told[3])


def _is_of(case: tuple[str, str], labels: str) -> bool:
    model, cpu_cluster = case
    return f'model="{model}"' in labels and f'cpu_cluster="{cpu_cluster}"' in labels
