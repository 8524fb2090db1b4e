"""`make bench-fleet`: what 10, 50 and 200 boards cost their Prometheus, and what 1,000 and 10,000 would."""

import tempfile
import time
from pathlib import Path

from tests.system.fleet import blocks, cost, full_head
from tests.system.fleet.line import fitted
from tests.system.fleet.recording import Recording, recorded

SIZES = (10, 50, 200)
LARGE = (1_000, 10_000)
# 25 minutes of the board's time.
SCRAPES = 100
_MIB = 1024 * 1024
# As shipped, and as deploy/FLEET.md advises for many boards.
_INTERVALS_S = (15, 60)


def main() -> None:
    """Measure, and print tables."""
    begun_s = time.monotonic()
    recording = recorded(SCRAPES)
    print(f"{recording.series} series of a board that has measured 16 cases", flush=True)
    with tempfile.TemporaryDirectory(prefix="edged-fleet-") as name:
        directory = Path(name)
        _print_costs([_cost(recording, size, directory) for size in SIZES])
        _print_full_head(full_head.measured(recording, directory / "full"))
        for interval_s in _INTERVALS_S:
            _print_disk(interval_s, blocks.disk(recording, interval_s, directory / f"block-{interval_s}"))
        for interval_s in _INTERVALS_S:
            rules = blocks.long_rules(recording, interval_s, directory / f"day-{interval_s}")
            _print_long_rules(interval_s, rules)
    print(f"\nall of it in {time.monotonic() - begun_s:.0f} s")


def _cost(recording: Recording, boards: int, directory: Path) -> cost.Cost:
    """What so many boards cost without the results of ten minutes, so that all sizes tell the same."""
    for tries in range(9):
        found = cost.measured(recording, boards, directory / f"of-{boards}-{tries}")
        if not found.with_results:
            return found
    raise AssertionError("edged.rules.results was evaluated in the first two minutes, nine times in a row")


def _print_costs(costs: list[cost.Cost]) -> None:
    rows = {
        "series in the head": [each.series for each in costs],
        "samples/s": [each.samples_per_s for each in costs],
        "write-ahead log, kB/s": [each.samples_per_s * each.wal_bytes_per_sample / 1e3 for each in costs],
        "CPU, % of one": [each.cpu_ratio * 100 for each in costs],
        "CPU of all rules once, ms": [each.rules_cpu_s * 1e3 for each in costs],
        "resident memory, MiB": [each.rss_bytes / _MIB for each in costs],
        "heap in use, MiB": [each.heap_bytes / _MIB for each in costs],
    }
    heads = (*(f"{size} boards" for size in SIZES), "each board", "base", "residuals, %")
    heads = (*heads, *(f"({size:,})" for size in LARGE))
    print("\nEvery 15 s, with the shipped rules, in the first two minutes; in brackets what the line says")
    _row("", heads)
    for what, values in rows.items():
        line = fitted(SIZES, values)
        misses = " ".join(f"{100 * miss:+.1f}" for miss in line.residuals)
        numbers = [*values, line.slope, line.base]
        texts = [*map(_number, numbers), misses, *(_number(line.at(size)) for size in LARGE)]
        _row(what, texts)
    print(
        "CPU for one scrape of one board, everything included: "
        + ", ".join(f"{each.cpu_per_scrape_s * 1e3:.1f} ms ({each.boards})" for each in costs)
        + "; bytes of the write-ahead log for a sample: "
        + ", ".join(f"{each.wal_bytes_per_sample:.2f}" for each in costs),
        flush=True,
    )


def _print_full_head(head: full_head.FullHead) -> None:
    print(f"\nA head in which chunks are full, {full_head.BOARDS} boards")
    for memory in head.memory:
        print(
            f"  {memory.samples_per_series:5.0f} samples of each series: "
            f"resident {memory.rss_bytes / _MIB:.0f} MiB, heap in use {memory.heap_bytes / _MIB:.0f} MiB"
        )
    print("CPU of one evaluation, ms for each board")
    for group, cpu_s in head.rules_cpu_s.items():
        print(f"  {group:<28} {cpu_s * 1e3 / full_head.BOARDS:8.2f}")
    print(f"Fleet dashboard over half an hour at {head.dashboard[-3].points} points, ms of CPU")
    for query in head.dashboard:
        line = fitted(query.boards, query.cpu_s)
        times = " ".join(f"{each * 1e3:8.1f}" for each in query.cpu_s)
        what = f"{query.panel[:26]:<26} {query.points:4}"
        print(f"  {what} {times}   each {line.slope * 1e3:7.2f}  {query.expression[:70]}")
    total = [sum(query.cpu_s[size] for query in head.dashboard) for size in range(3)]
    line = fitted(head.dashboard[0].boards, total)
    print(
        f"  all of them: {line.slope * 1e3:.1f} ms for each board, {line.at(1000):.1f} s at 1,000", flush=True
    )


def _print_disk(interval_s: int, disk: blocks.Disk) -> None:
    chunks, index = disk.chunk_bytes / disk.samples, disk.index_bytes / disk.samples
    print(f"\nA block of two hours of scrapes every {interval_s} s has {disk.samples} samples,", end=" ")
    print(f"{disk.bytes_per_sample:.3f} bytes for each:")
    print(f"  {chunks:.3f} in chunks, {index:.3f} in the index", flush=True)


def _print_long_rules(interval_s: int, rules: list[blocks.LongRule]) -> None:
    print("\nRules that look back an hour or more, on a day of scrapes", end=" ")
    print(f"every {interval_s} s; ms of CPU at 1, 2 and 3 boards")
    for rule in rules:
        line = fitted(rule.boards, rule.cpu_s)
        times = " ".join(f"{each * 1e3:8.1f}" for each in rule.cpu_s)
        held = fitted(rule.boards, rule.peak_samples)
        share = f"each {line.slope * 1e3:6.1f}; holds {held.slope:.0f} samples a board"
        print(f"  {rule.name:<66} {times}   {share}")
    for group in dict.fromkeys(rule.group for rule in rules):
        of_group = [rule for rule in rules if rule.group == group]
        total = fitted(of_group[0].boards, [sum(rule.cpu_s[size] for rule in of_group) for size in range(3)])
        share = f"{total.slope * 1e3:.1f} ms for each board, {total.at(1000):.1f} s at 1,000"
        print(f"  {group}: {share}", flush=True)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _row(what: str, texts: "list[str] | tuple[str, ...]") -> None:
    print(f"{what:<28}" + "".join(f"{text:>{18 if ' ' in text and '+' in text else 13}}" for text in texts))


if __name__ == "__main__":
    main()
