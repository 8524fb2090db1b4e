"""How long measurements take, and whether another one fits what a CPU cluster may be used.

How long one will take is taken from those before: of the case, else of its CPU cluster, else the least that
its protocol asks for. That can be wrong, and so a measurement also gets a limit: what is left of the budget.
One that reaches its limit is ended, and given twice the time once there is so much.
"""

from edged.clock import NS_PER_S
from edged.schedule.duty import Duty
from edged.schedule.holds import Held
from edged.schedule.options import ScheduleOptions
from edged.schedule.state import Wait
from edged.schedule.workload import Workload


class Usage:
    """The use of all CPU clusters.

    Args:
        options: How much they may be used.
    """

    def __init__(self, options: ScheduleOptions) -> None:
        """Begin unused."""
        self._options = options
        self._duties: dict[str, Duty] = {}
        self._took_ns: dict[Workload, int] = {}
        self._longest_ns: dict[str, int] = {}

    def take(self, options: ScheduleOptions) -> None:
        """Let other limits hold."""
        self._options = options
        for duty in self._duties.values():
            duty.set(options.max_duty_ratio, options.duty_window_s)

    def begin(self, workload: Workload, now_ns: int) -> None:
        """A measurement begins."""
        self._duty(workload).begin(now_ns)

    def end(self, workload: Workload, begun_ns: int, now_ns: int, limit_s: float | None) -> None:
        """It has ended.

        Args:
            workload: What was measured.
            begun_ns: Monotonic time when it began.
            now_ns: Monotonic time when it ended.
            limit_s: The limit that it was given.
        """
        self._duty(workload).end(now_ns)
        took_ns = now_ns - begun_ns
        cluster = workload.case.cpu_cluster
        self._longest_ns[cluster] = max(took_ns, self._longest_ns.get(cluster, 0))
        cut_short = limit_s is not None and took_ns >= round(limit_s * NS_PER_S)
        self._took_ns[workload] = 2 * took_ns if cut_short else took_ns

    def expected_ns(self, workload: Workload) -> int | None:
        """How long it took the last time; None if it never ran."""
        return self._took_ns.get(workload)

    def held(self, workload: Workload, now_ns: int) -> Held | None:
        """Why it does not fit now; None if it does."""
        if self._options.max_duty_ratio >= 1:
            return None
        duty = self._duty(workload)
        longest_ns = self._longest_ns.get(workload.case.cpu_cluster, round(workload.least_s * NS_PER_S))
        expected_ns = self._took_ns.get(workload, longest_ns)
        fits_ns = duty.fits_at_ns(now_ns, expected_ns)
        if fits_ns <= now_ns:
            return None
        window_s = self._options.duty_window_s
        words = (
            f"{workload.case.cpu_cluster} was used {duty.ratio(now_ns):.1%} of the last {window_s:g} s, and "
            f"may be used {self._options.max_duty_ratio:.1%}; the next measurement takes about "
            f"{expected_ns / NS_PER_S:.0f} s"
        )
        return Held(Wait.DUTY, words, fits_ns)

    def limit_s(self, workload: Workload, now_ns: int) -> float | None:
        """The longest that it may take if it begins now, in seconds; None for no limit."""
        if self._options.max_duty_ratio >= 1:
            return None
        duty = self._duty(workload)
        return (duty.budget_ns - duty.used_ns(now_ns)) / NS_PER_S

    def ratios(self, now_ns: int) -> dict[str, float]:
        """Share of the window that each CPU cluster was used."""
        return {cluster: duty.ratio(now_ns) for cluster, duty in sorted(self._duties.items())}

    def _duty(self, workload: Workload) -> Duty:
        options = self._options
        cluster = workload.case.cpu_cluster
        if cluster not in self._duties:
            self._duties[cluster] = Duty(options.max_duty_ratio, options.duty_window_s)
        return self._duties[cluster]
