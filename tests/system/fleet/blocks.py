"""Bytes on disk after compaction, and what the rules cost that look back an hour or more.

promtool makes blocks of what boards serve, two hours each, as Prometheus' own compaction of its head does;
and of what rules would have recorded of it, where other rules look back on that.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.integration.rules.promtool import run
from tests.integration.rules.shipped import Record, groups, records
from tests.system.fleet.boards import address
from tests.system.fleet.prometheus import Prometheus, prometheus
from tests.system.fleet.recording import INTERVAL_S, Recording

_BLOCK_S = 2 * 3600
_DAY_S = 24 * 3600
# Enough to tell a board's share from what is there anyway.
_BOARDS_OF_A_DAY = (1, 2, 3)
_BOARDS_OF_A_BLOCK = 3
_TRIES = 9
_HOUR_S = 3600
_UNITS_S = {"m": 60, "h": _HOUR_S, "d": _DAY_S}
# A metric or a record, with its window and how far that is back.
_METRIC = re.compile(r"(?<![:\w])((?:\w+:)?edged_\w+(?::\w+)?)(\{)?")
_SELECTED = re.compile(
    _METRIC.pattern.replace(r"(\{)?", r"(?:\{[^}]*\})?") + r"(?:\[(\w+)(?::\w+)?\])?(?: offset (\w+))?"
)


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
    """What a rule costs that looks back an hour or more, or that records what such a rule looks back on.

    Attributes:
        group: Its group.
        name: What it records.
        boards: For how many boards, in the order of what follows.
        cpu_s: CPU time to evaluate it, in seconds.
        peak_samples: Most samples that it held at once.
    """

    group: str
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
    horizons_s = looked_back_s()
    end_s = int(time.time()) // 60 * 60
    begin_s = end_s - max(horizons_s.values())

    def wanted(line: str, at_s: int) -> bool:
        return at_s > end_s - horizons_s.get(line.partition(" ")[0].partition("{")[0], 0)

    _make(recording, max(_BOARDS_OF_A_DAY), _Span(begin_s, end_s, interval_s), directory, wanted)
    with prometheus(directory, []) as server:
        _record(server, begin_s, end_s)
    with prometheus(directory, []) as server:
        return [_long_rule(server, record, end_s) for record in long_records()]


def _record(server: Prometheus, begin_s: int, end_s: int) -> None:
    """Make blocks of what is looked back on of the rules' own, as if they had been there all the time."""
    looked_back = looked_back_s()
    needed = {each.group for each in records() if each.name in looked_back}
    path = server.directory / "needed.yml"
    path.write_text("groups:\n" + "".join(groups()[name] for name in needed), encoding="utf-8")
    span = (f"--start={begin_s}", f"--end={end_s}", f"--url={server.url}")
    made = run(
        "tsdb", "create-blocks-from", "rules", *span, f"--output-dir={server.directory / 'data'}", path
    )
    assert made.returncode == 0, made.stderr[-2000:]


def _long_rule(server: Prometheus, record: Record, end_s: int) -> LongRule:
    answers = []
    for boards in _BOARDS_OF_A_DAY:
        chosen = "|".join(address(board) for board in range(boards))
        asked = _METRIC.sub(partial(_narrowed, chosen), record.expr)
        tries = [server.ask(asked, time=end_s) for _ in range(_TRIES)]
        assert len(tries[0].result) >= boards, f"{record.name}: {len(tries[0].result)} results"
        answers.append((statistics.median(each.cpu_s for each in tries), tries[0].peak_samples))
    times_s, peaks = zip(*answers, strict=True)
    return LongRule(record.group, record.name, _BOARDS_OF_A_DAY, times_s, peaks)


def _narrowed(instances: str, metric: "re.Match[str]") -> str:
    return f'{metric[1]}{{instance=~"{instances}"' + ("," if metric[2] else "}")


def long_records() -> list[Record]:
    """The rules that look back an hour or more, and those that record what they look back on."""
    looked_back = looked_back_s()
    return [each for each in records() if far_s(each) >= _HOUR_S or each.name in looked_back]


def looked_back_s() -> dict[str, int]:
    """How far rules look back on metrics and on records, in seconds, where that is an hour or more.

    What is recorded of a metric needs the metric for as long.
    """
    found: dict[str, int] = {}
    # What others look back on is recorded above them.
    for record in reversed(records()):
        for name, own_s in _selected(record):
            total_s = found.get(record.name, 0) + own_s
            if total_s >= _HOUR_S:
                found[name] = max(found.get(name, 0), total_s)
    return found


def far_s(record: Record) -> int:
    """How far a rule looks back, in seconds."""
    return max(own_s for _, own_s in _selected(record))


def _selected(record: Record) -> Iterator[tuple[str, int]]:
    """Each metric or record that a rule asks for, and how far it looks back on it in seconds."""
    for name, *durations in _SELECTED.findall(record.expr):
        yield name, sum(int(each[:-1]) * _UNITS_S[each[-1]] for each in durations if each)


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
