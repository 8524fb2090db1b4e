"""What the service is doing, in the one line of `systemctl status`."""

from edged.clock import NS_PER_S
from edged.schedule.state import ScheduleState


def status_line(state: ScheduleState, now_ns: int) -> str:
    """What is being measured, what comes next, and what it waits for.

    Args:
        state: What the schedule is doing.
        now_ns: Monotonic time on the schedule's clock.
    """
    if state.running:
        names = " and ".join(str(each.case) for each in state.running)
        following = f"; next {state.next_case}" if state.next_case else ""
        return f"measuring {names}{following}"
    if state.next_case is None:
        return "nothing to measure"
    if state.deferral:
        return f"{state.next_case} waits: {state.deferral.words}"
    if state.next_ns is None:
        return f"next {state.next_case}"
    return f"next {state.next_case} in {_in_words(max(0, state.next_ns - now_ns) / NS_PER_S)}"


def _in_words(duration_s: float) -> str:
    """Rounded, so that the line does not change all the time."""
    if duration_s < 60:
        return "less than a minute"
    minutes = duration_s / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
