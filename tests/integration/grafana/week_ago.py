"""A week of history: what a board says now, told as if it had said it a week ago, and been faster then."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_WEEK_S = 7 * 86_400
# Instant queries look back five minutes; tests take a while.
_STAMPS_S = range(-600, 1_201, 60)
_TOLD = re.compile(r"(edged_measurement_\w+)\{(.*)\} (\S+)$")
# So much less an inference took and cost.
FASTER = 0.8
_SCALED = ("edged_measurement_latency_seconds", "edged_measurement_net_energy_joules")


def write_blocks(exposition: str, labels: str, directory: Path) -> None:
    """Blocks of a time series database with a board's results of a week ago.

    Args:
        exposition: What the board says now.
        labels: The labels that Prometheus would add, in its notation.
        directory: Where the database is.
    """
    text = directory.with_suffix(".om")
    text.write_text("\n".join([*_lines(exposition, labels), "# EOF", ""]), encoding="utf-8")
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(directory)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def _lines(exposition: str, labels: str) -> Iterator[str]:
    then_s = int(time.time()) - _WEEK_S
    for line in exposition.splitlines():
        told = _TOLD.match(line)
        if told:
            name, own, value = told.groups()
            scaled = float(value) * (FASTER if name in _SCALED else 1.0)
            for offset_s in _STAMPS_S:
                yield f"{name}{{{labels},{own}}} {scaled!r} {then_s + offset_s}"
