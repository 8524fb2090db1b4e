"""Whether every thread does its work, and systemd's watchdog, which is fed while all do.

A thread is ill if it has ended, or if what it began two watchdog periods ago is still not done. That is far
more than one read of a faulty bus takes (5 s): sensors that fail, meters that are unplugged and disks that
are slow make nobody ill. What is then left, such as a read that never comes back, a new process mends.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from edged.clock import NS_PER_S, Clock
from edged.daemon.notify import Notifier
from edged.events import NOT_WELL
from edged.sampling.drive import Drive, ThreadDrive

_LOG = logging.getLogger(__name__)
_STEP_NS = NS_PER_S
_PERIODS = 2
# Where no watchdog waits, threads are still judged: for `/-/ready`.
_PERIOD_S = 45.0


@dataclass(frozen=True, slots=True)
class Vital:
    """A thread that must do its work.

    Attributes:
        name: For people: "the thread sampling i2c-0".
        alive: Whether it runs.
        blocked_s: How long what it is doing has taken so far, in seconds.
    """

    name: str
    alive: Callable[[], bool]
    blocked_s: Callable[[], float]


def vital_of(drive: Drive) -> Vital | None:
    """The thread of a drive; None where it has none of its own, as in simulated time."""
    if not isinstance(drive, ThreadDrive):
        return None
    return Vital(f"the thread of {drive.sampler.name}", lambda: drive.alive, drive.blocked_s)


class Health:
    """Judges threads.

    Args:
        vitals: Gives the threads that there are now: some begin later.
        watchdog_s: Period of systemd's watchdog in seconds; None where there is none.
        others: What somebody else has to complain of; None if nothing.
    """

    def __init__(
        self,
        vitals: Callable[[], Iterable[Vital]],
        watchdog_s: float | None = None,
        others: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Judge nothing yet."""
        self._vitals = vitals
        self._others = others
        self._patience_s = _PERIODS * (watchdog_s or _PERIOD_S)

    def complaint(self) -> str | None:
        """What is wrong with the threads, for people; None if all are well."""
        ills = [complaint] if (complaint := self._others()) else []
        for vital in self._vitals():
            if not vital.alive():
                ills.append(f"{vital.name} has ended")
            elif (blocked_s := vital.blocked_s()) > self._patience_s:
                ills.append(f"{vital.name} is stuck for {blocked_s:.0f} s")
        return "; ".join(ills) or None


class Watchdog:
    """A `Sampler`: feeds systemd's watchdog while all is well, and keeps the status line up to date.

    Args:
        health: Judges the threads.
        started: Whether the service does its work; before, the watchdog does not wait.
        notifier: Tells systemd.
        status: What the service is doing, for people.
        period_s: How long systemd waits, in seconds; None where it does not.
        clock: Of this machine, whatever time the board lives in.
    """

    name = "watchdog"

    def __init__(
        self,
        health: Health,
        started: Callable[[], bool],
        notifier: Notifier,
        *,
        status: Callable[[], str],
        period_s: float | None,
        clock: Clock,
    ) -> None:
        """Tell nothing yet."""
        self._health = health
        self._started = started
        self._ready = False
        self._notifier = notifier
        self._status = status
        self._every_ns = min(_STEP_NS, int(period_s * NS_PER_S / 4)) if period_s else _STEP_NS
        self._clock = clock
        self._ill = False

    def step(self) -> int:
        """Look at the threads, and tell systemd.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        complaint = self._health.complaint() if self._started() else "starting"
        if complaint is None:
            if not self._ready:
                self._notifier.ready()
                self._ready = True
            self._notifier.alive()
            self._notifier.status(self._status())
        elif self._ready:
            if not self._ill:
                NOT_WELL.tell(_LOG, f"not well: {complaint}; the watchdog is not fed any more")
            self._notifier.status(f"not well: {complaint}")
        self._ill = self._ready and complaint is not None
        return self._clock.monotonic_ns() + self._every_ns

    def close(self) -> None:
        """Nothing is open."""
