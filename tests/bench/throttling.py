"""Throttled seconds against the truth, over random sequences of throttling, kills, resets and reboots."""

from collections.abc import Sequence
from random import Random

from tests.bench.figures import Figure, show
from tests.bench.throttled_lives import Course, Kernel, Outcome, lived

_MS = 1e6
_COUNTED = 5000
_REBOOTED = 1000
_RESET = 1500
_SEVERAL = 1000
_SAMPLED = 750
_BLIND = Kernel(thermal_statistics=False, cpufreq_statistics=False)
_BY_CPUFREQ = Kernel(thermal_statistics=False)


def main() -> None:
    """Print how far the counts are from the truth, for each kind of kernel and course."""
    figures = [
        *_counted("kills of the daemon", _lives(_COUNTED, Kernel(), Course())),
        *_counted("kills and reboots", _lives(_REBOOTED, Kernel(), Course(reboots=True))),
        *_bounded("kills and counter resets", _lives(_RESET, Kernel(), Course(resets=True))),
        *_bounded("two devices on the cluster, kills", _lives(_SEVERAL, Kernel(devices=2), Course())),
        *_sampled("no THERMAL_STATISTICS, kills", _lives(_SAMPLED, _BY_CPUFREQ, Course())),
        *_sampled("nor CPU_FREQ_STAT, kills", _lives(_SAMPLED, _BLIND, Course())),
    ]
    show(
        f"Throttled seconds, {10_000:,} random sequences of 60 samples, against the simulated truth", figures
    )


def _lives(number: int, kernel: Kernel, course: Course) -> list[Outcome]:
    return [lived(Random(f"{kernel} {course} {seed}"), kernel, course) for seed in range(number)]


def _counted(what: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    """The kernel counts all of it; what its milliseconds cut off at the first look at a boot is doubt."""
    worst_ms = max(abs(each.error_ns) - each.doubt_ns for each in outcomes) / _MS
    largest_ms = max(abs(each.error_ns) for each in outcomes) / _MS
    exact = sum(abs(each.error_ns) <= _MS for each in outcomes)
    return [
        Figure(f"{what}: {len(outcomes):,}, equal to the millisecond", f"{exact:,}"),
        Figure("  largest error", f"{largest_ms:.2f} ms"),
        Figure(
            "  largest error beyond what a boot's first look cuts",
            f"{worst_ms:.2f} ms",
            "1 ms",
            worst_ms <= 1,
        ),
        *_common(outcomes),
    ]


def _bounded(what: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    """Part of it the kernel does not tell: within the doubt that the daemon states, and a millisecond."""
    held = sum(abs(each.error_ns) <= each.doubt_ns + _MS for each in outcomes)
    exact = sum(abs(each.error_ns) <= _MS for each in outcomes)
    return [
        Figure(f"{what}: {len(outcomes):,}, equal to the millisecond", f"{exact:,}"),
        Figure("  within the doubt stated", f"{held:,}", "all", held == len(outcomes)),
        *_distribution(outcomes),
        *_common(outcomes),
    ]


def _sampled(what: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    """Only states seen: right as far as throttling lasts longer than the time between two samples."""
    held = sum(abs(each.error_ns) <= each.doubt_ns + _MS for each in outcomes)
    return [
        Figure(f"{what}: {len(outcomes):,}, within the doubt stated", f"{held:,}"),
        *_distribution(outcomes),
        *_common(outcomes),
    ]


def _distribution(outcomes: Sequence[Outcome]) -> list[Figure]:
    errors_ms = sorted(each.error_ns / _MS for each in outcomes)
    at = [errors_ms[round(share * (len(errors_ms) - 1))] for share in (0.025, 0.5, 0.975)]
    share = sum(each.error_ns for each in outcomes) / max(1, sum(each.truth_ns for each in outcomes))
    doubts_ms = sorted(each.doubt_ns / _MS for each in outcomes)
    return [
        Figure("  error: 2.5 %, median, 97.5 %", " ".join(f"{each:.0f}" for each in at) + " ms"),
        Figure("  error: least, most", f"{errors_ms[0]:.0f} {errors_ms[-1]:.0f} ms"),
        Figure("  error of the sum over all", f"{share:+.2%}"),
        Figure("  doubt stated: median", f"{doubts_ms[len(doubts_ms) // 2]:.0f} ms"),
    ]


def _common(outcomes: Sequence[Outcome]) -> list[Figure]:
    missed = sum(each.true_events - each.events for each in outcomes)
    events = sum(each.true_events for each in outcomes)
    fell = sum(each.fell for each in outcomes)
    restarts = sum(each.restarts for each in outcomes)
    what = f"{restarts:,} kills, {sum(each.boots for each in outcomes):,} reboots"
    return [
        Figure(f"  events not told apart, of {events:,}", f"{missed / max(1, events):.1%}"),
        Figure(f"  counters that fell, over {what}", f"{fell}", "0", fell == 0),
    ]


if __name__ == "__main__":
    main()
