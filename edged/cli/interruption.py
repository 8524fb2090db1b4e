"""Ctrl-C and SIGTERM: no traceback, whatever Python is doing just then.

```
 imports ──────▶│ a command ─────────────────────▶│ its words ──▶ Python's own end
 ends at once   │ KeyboardInterrupt: it keeps     │ ends at once
                │ what is finished, and tidies up │
```

An exception would be too much while a module is imported or Python ends: not all code there passes it on.
"""

import os
import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED = 130


def end_at_once() -> None:
    """From now on whoever asks the process to end has it ended: there is nothing to keep."""
    for number in _SIGNALS:
        # Whoever starts edged in a shell's background has it ignore SIGINT, and means that.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def leave_to_command() -> None:
    """From now on it is an exception, `KeyboardInterrupt`, where `end_at_once` held before."""
    for number in _SIGNALS:
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.default_int_handler)


def _end(_number: int, _frame: FrameType | None) -> None:
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(_INTERRUPTED)
