"""Which case runs next, or until when to wait, and why: a step function of an injected clock.

```
 slots   |        |        |        |        |           one every `every_s`, or as soon as the last is over
 hot           ▓▓▓▓▓▓▓▓▓▓▓▓▓▓
 runs    ####                 ^####  ###      ###
                  ^ deferred: counted once, and run when it has cooled; the slot missed meanwhile is skipped
```

A slot belongs to the case whose turn it is. If that one must wait, the slot is counted as deferred, and the
next case that need not wait has it; if there is none, the slot waits. Only one slot ever waits: those that
come meanwhile are skipped, never queued.

Nothing here sleeps, reads a sensor or knows a thread: whoever drives it steps it, tells it what the board
does, and what has begun and ended. All durations are the monotonic clock's. One thread at a time; `state`
may be read by any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from edged.clock import Clock
from edged.schedule.holds import Held, Holds
from edged.schedule.options import ScheduleOptions
from edged.schedule.seen import Seen
from edged.schedule.slots import Slots
from edged.schedule.state import Deferral, Running, ScheduleState, Wait
from edged.schedule.turns import next_turn, owed_after
from edged.schedule.usage import Usage
from edged.schedule.workload import Workload


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a measurement now.

    Attributes:
        workload: What to measure.
        limit_s: The longest that it may take, in seconds; None where the schedule sets no limit.
        owed: What each workload is owed after its turn.
    """

    workload: Workload
    limit_s: float | None
    owed: dict[str, int]


@dataclass(frozen=True, slots=True)
class _UnderWay:
    start: Start
    begun_ns: int


class Schedule:
    """Which case runs next.

    Args:
        workloads: What is to be measured, in its order.
        options: What holds for all of it.
        clock: Where time comes from.
        last: Name of the case that was measured last in an earlier life: its successor comes first. "" for
            none.
    """

    def __init__(
        self, workloads: Iterable[Workload], options: ScheduleOptions, clock: Clock, last: str = ""
    ) -> None:
        """Begin with a slot at once."""
        self._clock = clock
        now_ns = clock.monotonic_ns()
        self._workloads = tuple(workloads)
        self._options = options
        self._slots = Slots(options.every_s, now_ns)
        self._own_slots: dict[str, Slots] = {}
        self._holds = Holds(options, self._clusters())
        self._usage = Usage(options)
        self._owed = owed_after(_weights(self._workloads), last)
        self._under_way: dict[str, _UnderWay] = {}
        self._deferred = dict.fromkeys(Wait, 0)
        self._counted = False
        self._waiting_since_ns: int | None = None
        self._set_own_slots(now_ns)
        self.state = ScheduleState()
        self._tell(now_ns, None, None)

    def take(self, workloads: Iterable[Workload], options: ScheduleOptions) -> None:
        """Go on with other workloads and options; what stays the same goes on as it was."""
        now_ns = self._clock.monotonic_ns()
        self._workloads = tuple(workloads)
        names = {workload.name for workload in self._workloads}
        self._owed = {name: due for name, due in self._owed.items() if name in names}
        self._holds.take(options, self._clusters())
        self._options = options
        self._usage.take(options)
        self._slots.set(options.every_s, now_ns)
        self._set_own_slots(now_ns)

    def step(self, seen: Seen) -> Start | None:
        """What to begin now, for `begin`; None to wait, and `state` says until when and why.

        Args:
            seen: The board as it is now.
        """
        now_ns, wall_s = self._clock.monotonic_ns(), self._clock.wall_s()
        self._holds.look(now_ns, seen)
        free = self._free()
        if not free:
            if now_ns >= self._slots.due_ns:
                self._slots.taken(now_ns)  # nobody could take it, so it is missed
            self._waiting_since_ns = None
            self._tell(now_ns, self._workloads, self._earliest_ns(now_ns))
            return None
        due = [each for each in free if self._due_ns(each) <= now_ns]
        if not due:
            due_ns = min(map(self._due_ns, free))
            self._waiting_since_ns = None
            self._tell(now_ns, [each for each in free if self._due_ns(each) == due_ns], due_ns)
            return None
        held = {each.name: self._held(each, now_ns, wall_s) for each in due}
        in_turn, owed = next_turn(_weights(due), self._owed)
        why = held[in_turn]
        if why:
            self._count(why.reason)
        if not all(held.values()):
            chosen = in_turn
            while held[chosen]:  # its turn is over, and the next one's comes
                chosen, owed = next_turn(_weights(due), owed)
            workload = next(each for each in due if each.name == chosen)
            return Start(workload, self._usage.limit_s(workload, now_ns), owed)
        assert why  # noqa: S101 - all are held
        if self._waiting_since_ns is None:
            self._waiting_since_ns = now_ns
        next_ns = _end_ns([each for each in held.values() if each])
        self._tell(now_ns, due, next_ns, Deferral(why.reason, why.words, self._waiting_since_ns))
        return None

    def begin(self, start: Start) -> None:
        """What `step` asked for begins."""
        now_ns = self._clock.monotonic_ns()
        workload = start.workload
        self._owed = start.owed
        self._slots.taken(now_ns)
        if workload.name in self._own_slots:
            self._own_slots[workload.name].taken(now_ns)
        self._usage.begin(workload, now_ns)
        self._under_way[workload.name] = _UnderWay(start, now_ns)
        self._counted = False
        self._waiting_since_ns = None
        self._tell(now_ns, self._workloads, self._earliest_ns(now_ns))

    def end(self, name: str) -> None:
        """A measurement is over, well or not.

        Args:
            name: Name of its workload.

        Raises:
            KeyError: If it is not under way.
        """
        now_ns = self._clock.monotonic_ns()
        ended = self._under_way.pop(name)
        self._usage.end(ended.start.workload, ended.begun_ns, now_ns, ended.start.limit_s)
        self._tell(now_ns, self._workloads, None)

    def _free(self) -> list[Workload]:
        """Workloads that could begin beside those under way."""
        if len(self._under_way) >= self._options.at_once:
            return []
        used = {each.start.workload.case.cpu_cluster for each in self._under_way.values()}
        return [each for each in self._workloads if each.case.cpu_cluster not in used]

    def _due_ns(self, workload: Workload) -> int:
        own = self._own_slots.get(workload.name) if self._own_slots else None
        return max(self._slots.due_ns, own.due_ns) if own else self._slots.due_ns

    def _held(self, workload: Workload, now_ns: int, wall_s: float) -> Held | None:
        return self._holds.of(workload, now_ns, wall_s) or self._usage.held(workload, now_ns)

    def _count(self, reason: Wait) -> None:
        """Count the slot as deferred, once."""
        if not self._counted:
            self._deferred[reason] += 1
        self._counted = True

    def _earliest_ns(self, now_ns: int) -> int | None:
        """When the next measurement could begin, by how long those under way took before."""
        ends_ns = []
        for each in self._under_way.values():
            expected_ns = self._usage.expected_ns(each.start.workload)
            if expected_ns is None:
                return None
            ends_ns.append(each.begun_ns + expected_ns)
        return max(now_ns, self._slots.due_ns, min(ends_ns, default=now_ns))

    def _clusters(self) -> list[str]:
        return sorted({workload.case.cpu_cluster for workload in self._workloads})

    def _set_own_slots(self, now_ns: int) -> None:
        before, self._own_slots = self._own_slots, {}
        for workload in self._workloads:
            if workload.every_s:
                slots = before.get(workload.name) or Slots(workload.every_s, now_ns)
                slots.set(workload.every_s, now_ns)
                self._own_slots[workload.name] = slots

    def _tell(
        self,
        now_ns: int,
        candidates: Sequence[Workload] | None,
        next_ns: int | None,
        deferral: Deferral | None = None,
    ) -> None:
        next_name = next_turn(_weights(candidates), self._owed)[0] if candidates else ""
        self.state = ScheduleState(
            running=tuple(
                Running(each.start.workload.case, each.start.workload.protocol.name, each.begun_ns)
                for each in self._under_way.values()
            ),
            next_case=next((each.case for each in self._workloads if each.name == next_name), None),
            next_ns=next_ns,
            deferral=deferral,
            duty_ratios=self._usage.ratios(now_ns),
            deferred=MappingProxyType(dict(self._deferred)),
        )


def _weights(workloads: Iterable[Workload]) -> dict[str, int]:
    return {workload.name: workload.weight for workload in workloads}


def _end_ns(held: Sequence[Held]) -> int | None:
    """When the first of them may begin; None while any of them could begin at any moment."""
    ends_ns = [each.until_ns for each in held]
    return None if None in ends_ns else min(end_ns for end_ns in ends_ns if end_ns is not None)
