"""What calls a sampler's steps: a thread in real time, a clock's callbacks in virtual time."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from edged.clock import NS_PER_S, Clock
from edged.sampling.sampler import Paced, Sampler

_LOG = logging.getLogger(__name__)
# A fault in our own code must not spin: a step that raised is tried again a second later.
_AFTER_FAULT_NS = NS_PER_S
_STOP_S = 0.9


class Drive(Protocol):
    """Calls one sampler's steps."""

    sampler: Sampler

    def start(self) -> None:
        """Begin with the first step."""
        ...

    def nudge(self) -> None:
        """Have the next step come at once."""
        ...

    def stop(self) -> bool:
        """No further step; False where one is still under way and cannot be ended."""
        ...


class ThreadDrive:
    """A thread of its own for one sampler, so that a read that blocks holds up nobody else.

    Args:
        sampler: What to drive.
        clock: Where the sampler takes its time from.
    """

    def __init__(self, sampler: Sampler, clock: Clock) -> None:
        """Begin with no thread."""
        self.sampler = sampler
        self._clock = clock
        self._stopping = False
        self._wake = threading.Event()
        self._step_began_ns: int | None = None
        # A thread in a blocked read cannot be ended; the process must be able to go without it.
        self._thread = threading.Thread(target=self._run, name=f"sampling {sampler.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def nudge(self) -> None:
        """Wake the thread if it waits for its next step."""
        self._wake.set()

    def blocked_s(self) -> float:
        """How long the step under way has taken so far, in seconds; 0 while the thread waits.

        A step takes milliseconds, the wait of a meter for its line included a quarter of a second.
        """
        began_ns = self._step_began_ns
        return 0.0 if began_ns is None else (self._clock.monotonic_ns() - began_ns) / NS_PER_S

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def begin_stop(self) -> None:
        """Have the thread end after the step under way; returns at once."""
        self._stopping = True
        self._wake.set()

    def stop(self) -> bool:
        """End the thread and close the sampler, within a second.

        Returns:
            False if a read blocks: the thread then ends with that read, or with the process.
        """
        return self.join(_STOP_S)

    def join(self, patience_s: float) -> bool:
        """As `stop`, with a patience of one's own."""
        self.begin_stop()
        if self._thread.is_alive():
            self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            due_ns = self._step()
            wait_ns = due_ns - self._clock.monotonic_ns()
            if wait_ns > 0 and not self._stopping:
                self._wake.wait(wait_ns / NS_PER_S)
        self.sampler.close()

    def _step(self) -> int:
        self._step_began_ns = self._clock.monotonic_ns()
        try:
            return self.sampler.step()
        except Exception:
            _LOG.exception("a step of %s failed", self.sampler.name)
            return self._clock.monotonic_ns() + _AFTER_FAULT_NS
        finally:
            self._step_began_ns = None


class CallbackDrive:
    """Steps as callbacks of a clock that knows what is due: virtual time, in one thread.

    Args:
        sampler: What to drive.
        clock: Where the sampler takes its time from.
        call_at: Has the clock call a function at a moment of monotonic time.
    """

    def __init__(
        self, sampler: Sampler, clock: Clock, call_at: Callable[[int, Callable[[], None]], None]
    ) -> None:
        """Begin with no step asked for."""
        self.sampler = sampler
        self._clock = clock
        self._call_at = call_at
        self._round = 0  # callbacks of earlier rounds are void: a clock forgets nothing that it was told
        self._stepping = False
        self._stopping = False

    def start(self) -> None:
        """Ask for the first step."""
        self._ask(self._clock.monotonic_ns())

    def nudge(self) -> None:
        """Ask for a step now, instead of when it was due."""
        if not self._stopping:
            self._ask(self._clock.monotonic_ns())

    def stop(self) -> bool:
        """Void what was asked for, and close the sampler."""
        if not self._stopping:
            self._stopping = True
            self.sampler.close()
        return True

    def _ask(self, at_ns: int) -> None:
        self._round += 1
        self._call_at(at_ns, partial(self._step_if_current, self._round))

    def _step_if_current(self, asked: int) -> None:
        # A step may sleep, and other callbacks then run within it; a nudge of theirs must wait for its end.
        if asked != self._round or self._stopping or self._stepping:
            return
        self._stepping = True
        try:
            due_ns = self.sampler.step()
        finally:
            self._stepping = False
        nudged = asked != self._round
        self._ask(self._clock.monotonic_ns() if nudged else due_ns)


def stop_all(drives: Sequence[Drive], patience_s: float = _STOP_S) -> bool:
    """Stop many drives, however many of their reads block.

    Args:
        drives: What to stop.
        patience_s: Time for all of them together, in seconds.

    Returns:
        False if a step is still under way.
    """
    threads = [drive for drive in drives if isinstance(drive, ThreadDrive)]
    for thread in threads:
        thread.begin_stop()
    until_s = time.monotonic() + patience_s
    ended = [thread.join(max(0.0, until_s - time.monotonic())) for thread in threads]
    return all([*ended, *(drive.stop() for drive in drives if not isinstance(drive, ThreadDrive))])


class Pace:
    """Has all samplers sample fast for a measurement, and slowly again.

    Args:
        drives: What drives them; it may grow.
    """

    def __init__(self, drives: Sequence[Drive]) -> None:
        """Leave the pace as it is."""
        self._drives = drives
        self._fast = False

    def begin_fast(self) -> None:
        """From now on sample fast; returns at once, whatever a sensor is doing."""
        self._fast = True
        for drive in self._drives:
            if isinstance(drive.sampler, Paced):
                drive.sampler.begin_fast()
                drive.nudge()

    def end_fast(self) -> None:
        """From now on sample slowly; returns at once."""
        self._fast = False
        for drive in self._drives:
            if isinstance(drive.sampler, Paced):
                drive.sampler.end_fast()
                drive.nudge()

    def join(self, drive: Drive) -> None:
        """Have one more sampler, which is among the drives already, go at the present pace."""
        if self._fast and isinstance(drive.sampler, Paced):
            drive.sampler.begin_fast()
            drive.nudge()
