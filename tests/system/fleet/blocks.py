"""Bytes on disk after compaction, and what the rules cost that look back an hour or more.

promtool makes blocks of what boards serve, two hours each, as Prometheus' own compaction of its head does.
"""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
_METRIC = re.compile(r"(?<![:\w])(edged_\w+)(\{)?")
_HORIZONS_S = {"[1h]": 3600, "[6h]": 6 * 3600, "[1d:10m]": _DAY_S}


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
class LongRule:
    """A recording rule that looks back an hour or more.

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


def disk(recording: Recording, interval_s: int, directory: Path) -> Disk:
    """Two hours of some boards as one block.

    Args:
        recording: What the boards serve.
        interval_s: Time between scrapes, in seconds: a multiple of the recording's.
        directory: Where the block goes.
    """
    # Blocks begin at even hours.
    begin_s = int(time.time()) // _BLOCK_S * _BLOCK_S - _BLOCK_S
    span = _Span(begin_s, begin_s + _BLOCK_S, interval_s)
    samples = _make(recording, _BOARDS_OF_A_BLOCK, span, directory, lambda *_: True)
    blocks = [path for path in directory.glob("data/*") if (path / "chunks").is_dir()]
    assert len(blocks) == 1, blocks
    chunks = sum(path.stat().st_size for path in (blocks[0] / "chunks").iterdir())
    return Disk(samples, chunks, (blocks[0] / "index").stat().st_size)


def long_rules(recording: Recording, interval_s: int, directory: Path) -> list[LongRule]:
    """The rules that look back an hour or more, on as much as they ask for.

    Args:
        recording: What the boards serve.
        interval_s: Time between scrapes, in seconds: a multiple of the recording's.
        directory: Where Prometheus' data go.
    """
    rules = long_expressions()
    horizons_s: dict[str, int] = {}
    for expression, horizon_s in rules.values():
        for name, _ in _METRIC.findall(expression):
            horizons_s[name] = max(horizon_s, horizons_s.get(name, 0))
    end_s = int(time.time()) // 60 * 60

    def wanted(line: str, at_s: int) -> bool:
        return at_s > end_s - horizons_s.get(line[: line.find("{")], 0)

    boards = max(_BOARDS_OF_A_DAY)
    _make(recording, boards, _Span(end_s - _DAY_S, end_s, interval_s), directory, wanted)
    with prometheus(directory, []) as server:
        return [_long_rule(server, name, rule, end_s) for name, (rule, _) in rules.items()]


def _long_rule(server: Prometheus, name: str, expression: str, end_s: int) -> LongRule:
    answers = []
    for boards in _BOARDS_OF_A_DAY:
        chosen = "|".join(address(board) for board in range(boards))
        asked = _METRIC.sub(partial(_narrowed, chosen), expression)
        tries = [server.ask(asked, time=end_s) for _ in range(3)]
        assert len(tries[0].result) >= 2 * boards, f"{name}: {len(tries[0].result)} results"
        answers.append((statistics.median(each.cpu_s for each in tries), tries[0].peak_samples))
    times_s, peaks = zip(*answers, strict=True)
    return LongRule(name, _BOARDS_OF_A_DAY, times_s, peaks)


def _narrowed(instances: str, metric: "re.Match[str]") -> str:
    return f'{metric[1]}{{instance=~"{instances}"' + ("," if metric[2] else "}")


def long_expressions() -> dict[str, tuple[str, int]]:
    """What the recording rules ask that look back an hour or more, and how far in seconds, by name."""
    text = (RULES / "edged.rules.yml").read_text(encoding="utf-8")
    found = re.findall(r"- record: (\S+)\n\s+expr: \|\n((?: {10}.*\n?)+)", text)
    horizons = {
        name: max((far for window, far in _HORIZONS_S.items() if window in expression), default=0)
        for name, expression in found
    }
    return {name: (" ".join(rule.split()), horizons[name]) for name, rule in found if horizons[name]}


def _is_wanted(line: str, at_s: int, wanted: Callable[[str, int], bool]) -> bool:
    return not line.startswith("#") and wanted(line, at_s)


@dataclass(frozen=True, slots=True)
class _Span:
    """A time of scrapes: its beginning and end by the wall clock and the time between scrapes, in seconds."""

    begin_s: int
    end_s: int
    interval_s: int


def _make(
    recording: Recording, boards: int, span: _Span, directory: Path, wanted: Callable[[str, int], bool]
) -> int:
    """Write what boards serve as blocks; the number of samples."""
    directory.mkdir(parents=True)
    samples = 0
    # promtool reads a file once for each block that it makes of it: so each block has a file.
    for begin_s in range(span.begin_s // _BLOCK_S * _BLOCK_S, span.end_s, _BLOCK_S):
        text = directory / "openmetrics"
        with text.open("w", encoding="utf-8") as output:
            for at_s in range(
                max(begin_s, span.begin_s), min(begin_s + _BLOCK_S, span.end_s), span.interval_s
            ):
                number = (at_s - span.begin_s) // INTERVAL_S
                now_wanted = partial(_is_wanted, at_s=at_s, wanted=wanted)
                for line in recording.lines(number, at_s, now_wanted):
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
