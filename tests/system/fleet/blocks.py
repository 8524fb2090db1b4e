"""Bytes on disk after compaction, and what the rules cost that look back a day.

promtool makes blocks of what boards serve, two hours each, as Prometheus' own compaction of its head does.
"""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.integration.rules.promtool import RULES, run
from tests.system.fleet.boards import address
from tests.system.fleet.prometheus import Prometheus, prometheus
from tests.system.fleet.recording import INTERVAL_S, Recording

_BLOCK_S = 2 * 3600
_DAY_S = 24 * 3600
# Enough to tell a board's share from what is there anyway.
_BOARDS_OF_A_DAY = (1, 2, 3)
_BOARDS_OF_A_BLOCK = 3
_ASKED = re.compile(r"\b(edged_\w+)\[1d:10m\]")


@dataclass(frozen=True, slots=True)
class Disk:
    """What a block takes.

    Attributes:
        samples: Samples in it.
        chunk_bytes: The samples themselves.
        index_bytes: Which series they belong to.
    """

    samples: int
    chunk_bytes: int
    index_bytes: int

    @property
    def bytes_per_sample(self) -> float:
        """All of it."""
        return (self.chunk_bytes + self.index_bytes) / self.samples


@dataclass(frozen=True, slots=True)
class DayRule:
    """A recording rule that looks back a day.

    Attributes:
        name: What it records.
        boards: For how many boards, in the order of what follows.
        cpu_s: CPU time to evaluate it, in seconds.
        peak_samples: Most samples that it held at once.
    """

    name: str
    boards: tuple[int, ...]
    cpu_s: tuple[float, ...]
    peak_samples: tuple[int, ...]


def disk(recording: Recording, directory: Path) -> Disk:
    """Two hours of some boards as one block."""
    # Blocks begin at even hours.
    begin_s = int(time.time()) // _BLOCK_S * _BLOCK_S - _BLOCK_S
    samples = _make(recording, _BOARDS_OF_A_BLOCK, _Span(begin_s, begin_s + _BLOCK_S), directory, _is_sample)
    blocks = [path for path in directory.glob("data/*") if (path / "chunks").is_dir()]
    assert len(blocks) == 1, blocks
    chunks = sum(path.stat().st_size for path in (blocks[0] / "chunks").iterdir())
    return Disk(samples, chunks, (blocks[0] / "index").stat().st_size)


def day_rules(recording: Recording, directory: Path) -> list[DayRule]:
    """The rules that look back a day, on a day of everything that they ask for."""
    rules = day_expressions()
    names = {name for expression in rules.values() for name in _ASKED.findall(expression)}
    end_s = int(time.time()) // 60 * 60
    boards = max(_BOARDS_OF_A_DAY)
    _make(recording, boards, _Span(end_s - _DAY_S, end_s), directory, lambda line: _name(line) in names)
    with prometheus(directory, []) as server:
        return [_day_rule(server, name, expression, end_s) for name, expression in rules.items()]


def _day_rule(server: Prometheus, name: str, expression: str, end_s: int) -> DayRule:
    answers = []
    for boards in _BOARDS_OF_A_DAY:
        chosen = "|".join(address(board) for board in range(boards))
        asked = _ASKED.sub(rf'\1{{instance=~"{chosen}"}}[1d:10m]', expression)
        tries = [server.ask(asked, time=end_s) for _ in range(3)]
        assert len(tries[0].result) == 16 * boards, f"{name}: {len(tries[0].result)} results"
        answers.append((statistics.median(each.cpu_s for each in tries), tries[0].peak_samples))
    times_s, peaks = zip(*answers, strict=True)
    return DayRule(name, _BOARDS_OF_A_DAY, times_s, peaks)


def day_expressions() -> dict[str, str]:
    """Recording rules that look back a day, by name."""
    text = (RULES / "edged.rules.yml").read_text(encoding="utf-8")
    found = re.findall(r"- record: (case:\S+)\n\s+expr: \|\n((?: {10}.*\n?)+)", text)
    return {name: " ".join(expression.split()) for name, expression in found}


def _is_sample(line: str) -> bool:
    return not line.startswith("#")


def _name(line: str) -> str:
    return line[: line.find("{")]


@dataclass(frozen=True, slots=True)
class _Span:
    """A time of scrapes: its beginning and end in seconds by the wall clock."""

    begin_s: int
    end_s: int


def _make(
    recording: Recording, boards: int, span: _Span, directory: Path, wanted: Callable[[str], bool]
) -> int:
    """Write what boards serve as blocks; the number of samples."""
    directory.mkdir(parents=True)
    samples = 0
    # promtool reads a file once for each block that it makes of it: so each block has a file.
    for begin_s in range(span.begin_s // _BLOCK_S * _BLOCK_S, span.end_s, _BLOCK_S):
        text = directory / "openmetrics"
        with text.open("w", encoding="utf-8") as output:
            for at_s in range(max(begin_s, span.begin_s), min(begin_s + _BLOCK_S, span.end_s), INTERVAL_S):
                number = (at_s - span.begin_s) // INTERVAL_S
                for line in recording.lines(number, at_s, wanted):
                    series, _, value = line.rpartition(" ")
                    name, _, labels = series.partition("{")
                    rest = f",{labels}" if labels else "}"
                    for board in range(boards):
                        output.write(
                            f'{name}{{instance="{address(board)}",job="edged"{rest} {value} {at_s}\n'
                        )
                    samples += boards
            output.write("# EOF\n")
        made = run("tsdb", "create-blocks-from", "openmetrics", text, directory / "data")
        assert made.returncode == 0, made.stderr[-2000:]
        text.unlink()
    return samples
