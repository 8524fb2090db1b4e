"""A moment in the past as people write it: `7d`, `12h`, `30m`, or a date."""

import re
from datetime import datetime

from edged.errors import UsageError

_AGO = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_UNIT_S = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def since_wall_s(text: str, now_s: float) -> float:
    """The moment as wall time in Unix seconds.

    Args:
        text: `7d`, or an ISO 8601 date or time; without a zone it is local.
        now_s: Wall time of now in Unix seconds.

    Raises:
        UsageError: If it is neither.
    """
    if ago := _AGO.fullmatch(text):
        return now_s - int(ago[1]) * _UNIT_S[ago[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"--since {text!r} is no moment", remedy="such as 30m, 12h, 7d, 2w or 2026-11-01"
        ) from error
