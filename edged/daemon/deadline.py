"""Ends the process even where a thread is stuck that Python or its last steps would wait for.

```
 asked to end ──4 s──▶ look: has a thread ended? ──yes──▶ 4 s more, and systemd is asked for them
                                                 └─no───▶ say what is still at work, and end without it
```

On a machine so busy that all this takes long, threads end late, but they do: that is no reason to give up
what is not written yet.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from edged.daemon.notify import Notifier

# Systemd kills what has not ended after 5 s.
_PATIENCE_S = 4.0
_MORE_S = 5.0


@dataclass(frozen=True, slots=True)
class Process:
    """What a deadline sees of this process, and can do to it.

    Attributes:
        threads: Gives the threads that there are.
        wait: Waits for so many seconds.
        end: Writes these words to standard error, and ends the process on the spot.
    """

    threads: Callable[[], Iterable[threading.Thread]]
    wait: Callable[[float], None]
    end: Callable[[str], None]


def end_at_deadline(notifier: Notifier, process: Process) -> None:
    """Wait for as long as threads end one after another, and then end the process.

    The thread that calls this must not keep the process from its end.

    Args:
        notifier: Asks systemd for more time.
        process: This one.
    """
    left = _at_work(process)
    while True:
        process.wait(_PATIENCE_S)
        before, left = left, _at_work(process)
        if len(left) >= len(before):
            break
        notifier.more_time(_MORE_S)
    process.end(
        f"edged: for {_PATIENCE_S:g} s nothing has ended of {', '.join(left)}: it ends without them\n"
    )


def begin_deadline(notifier: Notifier) -> None:
    """Have this process end; it is whole at any moment: so is the journal's file, and workers end with it."""
    process = Process(threading.enumerate, time.sleep, _end)
    threading.Thread(target=end_at_deadline, args=(notifier, process), name="deadline", daemon=True).start()


def _at_work(process: Process) -> list[str]:
    own = threading.current_thread()
    return sorted(thread.name for thread in process.threads() if thread is not own)


def _end(words: str) -> None:
    # Not by the log, whose lock a stuck thread may hold.
    os.write(2, words.encode(errors="replace"))
    os._exit(0)
