"""What of the board or the time of the day keeps a measurement from beginning."""

from collections.abc import Iterable
from dataclasses import dataclass

from edged.clock import NS_PER_S
from edged.schedule.band import Band
from edged.schedule.options import ScheduleOptions
from edged.schedule.quiet_hours import quiet_left_s
from edged.schedule.seen import Seen
from edged.schedule.state import Wait
from edged.schedule.workload import Workload


@dataclass(frozen=True, slots=True)
class Held:
    """Why a workload must wait.

    Attributes:
        reason: Of several, the first.
        words: The same for people.
        until_ns: Monotonic time when it ends; None where nobody knows.
    """

    reason: Wait
    words: str
    until_ns: int | None = None


class Holds:
    """Watches the board.

    Args:
        options: The limits.
        clusters: Names of the CPU clusters.
    """

    def __init__(self, options: ScheduleOptions, clusters: Iterable[str]) -> None:
        """Begin with nothing in the way."""
        self._options = options
        self._seen = Seen()
        self._hot, self._busy, self._throttled = _bands(options, clusters)

    def take(self, options: ScheduleOptions, clusters: Iterable[str]) -> None:
        """Let other limits hold, on other clusters; what is watched as before stays in the way."""
        hot, busy, throttled = _bands(options, clusters)
        self._options = options
        self._hot = _kept(self._hot, hot)
        self._busy = _kept(self._busy, busy)
        self._throttled = {
            cluster: _kept(self._throttled.get(cluster), band) for cluster, band in throttled.items()
        }

    def look(self, now_ns: int, seen: Seen) -> None:
        """Take the board as it is now."""
        self._seen = seen
        self._hot.look(now_ns, seen.hottest_c)
        self._busy.look(now_ns, seen.foreign_cpus)
        for cluster, band in self._throttled.items():
            band.look(now_ns, float(cluster in seen.throttled))

    def of(self, workload: Workload, now_ns: int, wall_s: float) -> Held | None:
        """Why that workload may not begin now; None if it may.

        Args:
            workload: One on a CPU cluster that is watched.
            now_ns: Monotonic time.
            wall_s: Wall time in Unix seconds.
        """
        quiet_s = quiet_left_s(workload.quiet_hours, wall_s)
        if quiet_s > 0:
            hours = ", ".join(str(each) for each in workload.quiet_hours)
            until_ns = now_ns + round(quiet_s * NS_PER_S) if quiet_s < float("inf") else None
            return Held(Wait.QUIET, f"quiet hours: {hours}", until_ns)
        if self._hot.on:
            return Held(Wait.HOT, self._hot_words())
        cluster = workload.case.cpu_cluster
        if self._throttled[cluster].on:
            return Held(Wait.THROTTLED, self._throttled_words(cluster))
        if self._busy.on:
            return Held(Wait.BUSY, self._busy_words())
        return None

    def _hot_words(self) -> str:
        at_c = self._seen.hottest_c
        now = "the temperature is not known now" if at_c is None else f"it is {at_c:.1f} °C now"
        return f"too hot: above {self._hot.above:g} °C until below {self._hot.below:g} °C, and {now}"

    def _throttled_words(self, cluster: str) -> str:
        clear_s = self._options.throttled_clear_s
        now = "the kernel holds it back" if cluster in self._seen.throttled else "the kernel has just let go"
        return f"{cluster} is throttled until it was not for {clear_s:g} s, and {now}"

    def _busy_words(self) -> str:
        used = self._seen.foreign_cpus
        now = "how many is not known now" if used is None else f"it is {used:.2f} now"
        options = self._options
        return (
            f"the board is busy: others used more than {options.busy_cpus:g} CPUs, until they use less than "
            f"{options.busy_until_cpus:g} for {options.busy_s:g} s, and {now}"
        )


def _bands(options: ScheduleOptions, clusters: Iterable[str]) -> tuple[Band, Band, dict[str, Band]]:
    """What is watched: the heat, the work of others, and the throttling of each CPU cluster."""
    hot_c = float("inf") if options.hot_c is None else options.hot_c
    return (
        Band(hot_c, hot_c - options.hot_hysteresis_c),
        Band(options.busy_cpus, options.busy_until_cpus, options.busy_s, options.busy_s),
        {cluster: Band(0.5, 0.5, off_after_s=options.throttled_clear_s) for cluster in clusters},
    )


def _kept(before: Band | None, after: Band) -> Band:
    return before if before and before.limits == after.limits else after
