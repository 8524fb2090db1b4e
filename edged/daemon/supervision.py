"""The daemon under its supervisor: tells systemd and the log, and reloads when asked to.

```
 SIGHUP ──▶ reload ──▶ plan ─┐
 SIGTERM ──▶ stop ───────────┼──▶ daemon ──▶ schedule ──▶ log, status line
                             └──── threads ──▶ health ──▶ watchdog
```
"""

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from edged import __version__
from edged.assembly.parts import Assembly
from edged.clock import Clock
from edged.daemon.deadline import begin_deadline
from edged.daemon.health import Health, Watchdog, vital_of
from edged.daemon.notify import Notifier
from edged.daemon.reload import Reloader
from edged.daemon.service import Daemon
from edged.daemon.status_line import status_line
from edged.daemon.telling import Teller
from edged.events import STARTED, STOPPED
from edged.sampling.drive import ThreadDrive, stop_all

_LOG = logging.getLogger(__name__)
# What they do can be left undone: the time belongs to what must be written.
_PATIENCE_S = 0.3


@contextmanager
def supervised(
    daemon: Daemon,
    assembly: Assembly,
    reloader: Reloader,
    *,
    notifier: Notifier,
    watchdog_s: float | None,
    clock: Clock,
) -> Iterator[Teller]:
    """Watch over the daemon while the context is entered; from the main thread, which gets the signals.

    Args:
        daemon: What measures and serves.
        assembly: What it measures with.
        reloader: Reads the configuration when SIGHUP comes.
        notifier: Tells systemd.
        watchdog_s: How long systemd waits for a sign of life, in seconds; None where it does not.
        clock: Of this machine.

    Yields:
        Who is to be told of measurements.
    """
    teller = Teller(
        assembly.accounts, lambda: assembly.rig.throttling.totals, lambda: daemon.schedule, assembly.clock
    )
    telling, reloading = ThreadDrive(teller, clock), ThreadDrive(reloader, clock)

    def status() -> str:
        line = status_line(daemon.schedule, assembly.clock.monotonic_ns())
        return f"{line} ({note})" if (note := reloader.state.note) else line

    # The reloading thread may build models for minutes; its end alone is an illness.
    watched = [vital for vital in (vital_of(telling),) if vital]
    health = Health(lambda: watched, watchdog_s, daemon.health.complaint)
    watchdog = Watchdog(
        health, lambda: daemon.measuring, notifier, status=status, period_s=watchdog_s, clock=clock
    )
    watching = ThreadDrive(watchdog, clock)
    with ExitStack() as stack:
        stack.callback(stop_all, (watching, telling, reloading), _PATIENCE_S)
        for drive in (telling, reloading, watching):
            drive.start()
        stack.enter_context(_signals(daemon, reloader, notifier))
        where = str(daemon.server.address)
        STARTED.tell(
            _LOG,
            f"edged {__version__} measures {assembly.board.identity.model}; metrics at {where}",
            EDGED_VERSION=__version__,
            EDGED_BOARD=assembly.board.identity.model,
            EDGED_ADDRESS=where,
        )
        try:
            yield teller
        finally:
            notifier.stopping()
            STOPPED.tell(_LOG, "stopping: what is measured is kept")


@contextmanager
def _signals(daemon: Daemon, reloader: Reloader, notifier: Notifier) -> Iterator[None]:
    """SIGTERM and SIGINT end the measuring loop, the second one of them everything; SIGHUP reloads."""

    def stop(number: int, _: FrameType | None) -> None:
        daemon.stop()
        signal.signal(number, signal.default_int_handler)
        begin_deadline(notifier)

    # Whoever starts edged in a shell's background has it ignore SIGINT, and means that.
    handled = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        handled.append(signal.SIGINT)
    before = {number: signal.signal(number, stop) for number in handled}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: reloader.ask())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
