"""`/api/v1/history`: the last minutes in columns, second by second.

A column has one entry for each moment, null where there was no value.
"""

from collections.abc import Callable, Mapping, Sequence

from edged.clock import NS_PER_S
from edged.exposition.snapshot import Moment, Snapshot
from edged.sampling.conditions import Conditions

Columns = Mapping[str, Sequence[float | None]]


def history_json(snapshot: Snapshot, after_s: float | None = None) -> Mapping[str, object]:
    """The history of a snapshot.

    Args:
        snapshot: Whose history.
        after_s: Only moments after this one, in seconds of the monotonic clock: a page that has seen the
            others asks for the new ones.
    """
    moments = [each for each in snapshot.history if after_s is None or each.at_ns / NS_PER_S > after_s]
    return {
        "at_s": [moment.at_ns / NS_PER_S for moment in moments],
        "power_w": _columns(moments, lambda moment: dict(moment.powers_w), 4),
        "frequency_hz": _conditions(moments, lambda conditions: conditions.frequencies_hz),
        "limit_hz": _conditions(moments, lambda conditions: conditions.limits_hz),
        "temperature_c": _conditions(moments, lambda conditions: conditions.temperatures_c),
        "throttled": {
            cluster: [int(cluster in moment.throttled) for moment in moments]
            for cluster in snapshot.throttling
        },
    }


def _conditions(moments: Sequence[Moment], values_of: Callable[[Conditions], Mapping[str, float]]) -> Columns:
    return _columns(moments, lambda moment: values_of(moment.conditions) if moment.conditions else {}, 1)


def _columns(
    moments: Sequence[Moment], values_of: Callable[[Moment], Mapping[str, float]], digits: int
) -> Columns:
    rows = [values_of(moment) for moment in moments]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [_rounded(row.get(name), digits) for row in rows] for name in names}


def _rounded(value: float | None, digits: int) -> float | None:
    return round(value, digits) if isinstance(value, float) else value
