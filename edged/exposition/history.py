"""The last minutes, second by second, as the built-in page draws them.

Each moment is made from two snapshots: the power of a rail is the mean over what its readings cover between
them, so that no peak between two looks is lost.
"""

from edged.exposition.snapshot import Moment, RailState, Snapshot

MOMENTS = 600
"""Ten minutes, one a second: some 200 kB, as moments share what they are made from with the traces."""


def with_history(before: Snapshot | None, now: Snapshot) -> tuple[Moment, ...]:
    """The history that belongs to a snapshot.

    Args:
        before: The snapshot before it; None for the first.
        now: The snapshot.
    """
    earlier = before.history[-(MOMENTS - 1) :] if before else ()
    return (*earlier, _moment(before, now))


def _moment(before: Snapshot | None, now: Snapshot) -> Moment:
    states = {state.rail.sensor: state for state in before.rails} if before else {}
    powers_w = ((each.rail.name, _mean_power_w(states.get(each.rail.sensor), each)) for each in now.rails)
    throttled = (
        cluster
        for cluster, totals in now.throttling.items()
        if totals.throttled or (before and totals.throttled_ns > _throttled_ns(before, cluster))
    )
    return Moment(
        at_ns=now.at_ns,
        powers_w=tuple((rail, power_w) for rail, power_w in powers_w if power_w is not None),
        conditions=now.conditions,
        throttled=tuple(throttled),
    )


def _mean_power_w(before: RailState | None, now: RailState) -> float | None:
    """Mean power since the snapshot before; the newest reading where none has ended since."""
    if now.newest is None:
        return None
    if before:
        covered_ns = now.totals.observed_ns - before.totals.observed_ns
        if covered_ns > 0:
            return (now.totals.energy_uw_ns - before.totals.energy_uw_ns) / covered_ns / 1e6
    return now.newest.power_uw / 1e6


def _throttled_ns(snapshot: Snapshot, cluster: str) -> int:
    totals = snapshot.throttling.get(cluster)
    return totals.throttled_ns if totals else 0
