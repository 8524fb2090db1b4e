"""Times of the day in which nothing is measured.

They are the only thing in the schedule that looks at the wall clock, and only at what it shows now: how long
anything takes or waits is always counted on the monotonic clock. So a wall clock that jumps by years begins
or ends quiet hours at once, and does nothing else.
"""

import re
import time
from dataclasses import dataclass
from typing import Self

_MINUTES = 24 * 60
_TEXT = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-(?:([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """One time of the day, every day; it may reach over midnight.

    Attributes:
        from_minute: Where it begins, in minutes after local midnight.
        to_minute: The first minute after it; 1440 is midnight, and a smaller one than `from_minute` is that
            of the next day.
    """

    from_minute: int
    to_minute: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """`22:00-06:30`.

        Raises:
            ValueError: If the text is none of these, or both ends are the same; the message says what is
                expected.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError("must be two times of the day, such as 22:00-06:30")
        begin = int(match[1]) * 60 + int(match[2])
        end = int(match[3]) * 60 + int(match[4]) if match[3] else _MINUTES
        if begin == end:
            raise ValueError("begins when it ends; leave it out, or for a whole day write 00:00-24:00")
        return cls(begin, end)

    def __str__(self) -> str:
        """As `parse` takes it."""
        ends = (self.from_minute, self.to_minute)
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in ends)

    def contains(self, minute: int) -> bool:
        """Whether that minute of the day is quiet."""
        if self.from_minute < self.to_minute:
            return self.from_minute <= minute < self.to_minute
        return minute >= self.from_minute or minute < self.to_minute

    def minutes_left(self, minute: int) -> int:
        """Minutes from the given one, which is quiet, to the end."""
        return (self.to_minute - minute) % _MINUTES or _MINUTES


def second_of_day(wall_s: float) -> float | None:
    """Local time in seconds after midnight; None where the clock shows what is no date.

    Args:
        wall_s: Wall time in Unix seconds.
    """
    try:
        local = time.localtime(wall_s)
    except (OverflowError, ValueError, OSError):
        return None
    return local.tm_hour * 3600 + local.tm_min * 60 + min(local.tm_sec, 59) + wall_s % 1


def quiet_left_s(hours: tuple[QuietHours, ...], wall_s: float) -> float:
    """How long it stays quiet, in seconds, if nobody sets the clock; 0 while it is not quiet.

    Args:
        hours: The quiet hours; they may touch and overlap.
        wall_s: Wall time now in Unix seconds.
    """
    second = second_of_day(wall_s) if hours else None
    if second is None:
        return 0.0
    now, ahead = int(second // 60), 0
    while ahead < _MINUTES:
        minute = (now + ahead) % _MINUTES
        left = [each.minutes_left(minute) for each in hours if each.contains(minute)]
        if not left:
            return max(0.0, ahead * 60 - second % 60) if ahead else 0.0
        ahead += max(left)
    return float("inf")
