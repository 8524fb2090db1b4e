"""Follows the board while edged runs: devices that come, go and are numbered anew.

```
 udev events ──┐
               ├──▶ step(): have devices changed? ──▶ discover ──▶ new rails, gauges, cooling devices, CPUs
 every 10 s ───┘
```

What goes keeps its account: its sensor fails from then on, and is opened again by its identity, under
whatever number it comes back. What comes gets an account and a sampler.
"""

from collections.abc import Callable
from dataclasses import replace

from edged.board.cooling import discover_cooling_devices
from edged.board.discover import discover
from edged.board.hotplug import UdevEvents, devices_now
from edged.board.parts import Board, CpuCluster
from edged.board.sysfs import Sysfs
from edged.clock import NS_PER_S, Clock

# Without events; with them, for those that were lost.
_LOOK_EVERY_NS = 10 * NS_PER_S
# One device makes several events, and a flood of them must not keep a CPU busy.
_LOOK_AGAIN_NS = NS_PER_S
_WAIT_S = 0.5


class Follower:
    """A `Sampler`, so that a drive steps it.

    Args:
        sysfs: The board's attributes.
        board: The board as it was discovered first.
        clock: Where time comes from.
        on_change: Told of the board as it is now, whenever its devices have changed.
        events: The kernel's events; None where they cannot be heard.
    """

    name = "hotplug"

    def __init__(
        self,
        sysfs: Sysfs,
        board: Board,
        clock: Clock,
        on_change: Callable[[Board], None],
        events: UdevEvents | None = None,
    ) -> None:
        """Begin with the board as it is."""
        self.board = board
        self._sysfs = sysfs
        self._clock = clock
        self._on_change = on_change
        self._events = events
        self._seen = devices_now(sysfs)
        self._looked_ns = clock.monotonic_ns()
        self._told = False

    def step(self) -> int:
        """Look at the devices if it is time to, or if an event came.

        Returns:
            Monotonic time of the next step, in nanoseconds.
        """
        if self._events is not None:
            self._told |= self._events.heard(_WAIT_S)
        now_ns = self._clock.monotonic_ns()
        due_ns = self._looked_ns + (_LOOK_AGAIN_NS if self._told else _LOOK_EVERY_NS)
        if now_ns >= due_ns:
            self._told, self._looked_ns = False, now_ns
            self._look()
            due_ns = now_ns + _LOOK_EVERY_NS
        if self._events is None or self._told:
            return due_ns
        return now_ns

    def close(self) -> None:
        """Nothing that others wait for stays open."""

    def _look(self) -> None:
        seen = devices_now(self._sysfs)
        if seen == self._seen:
            return
        self.board = followed(self._sysfs, self.board)
        self._on_change(self.board)
        # Only now: what could not be followed is tried again.
        self._seen = seen


def followed(sysfs: Sysfs, before: Board) -> Board:
    """The board as it is now, with the CPU clusters of before: they keep their names while CPUs are offline.

    Args:
        sysfs: Its attributes.
        before: The board as it was.
    """
    now = discover(sysfs)
    clusters = tuple(_followed(cluster, now) for cluster in before.clusters)
    return replace(now, clusters=clusters, cooling_devices=discover_cooling_devices(sysfs, clusters))


def _followed(before: CpuCluster, now: Board) -> CpuCluster:
    for cluster in now.clusters:
        if (cluster.core, cluster.policy) == (before.core, before.policy):
            return replace(cluster, name=before.name)
    online = {cpu for cluster in now.clusters for cpu in cluster.cpus}
    return replace(before, cpus=tuple(cpu for cpu in before.cpus if cpu in online) or before.cpus)
