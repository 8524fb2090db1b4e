"""What the schedule is doing, for people and for metrics. Nothing in it ever changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from edged.measurement.result import Case


class Wait(StrEnum):
    """Why a measurement is deferred; where several hold, the first of them is told."""

    QUIET = "quiet"
    HOT = "hot"
    THROTTLED = "throttled"
    BUSY = "busy"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Running:
    """A measurement under way.

    Attributes:
        case: What is measured.
        protocol: Name of the protocol.
        since_ns: Monotonic time when it began.
    """

    case: Case
    protocol: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class Deferral:
    """A slot that waits.

    Attributes:
        reason: Why, as in the metric's label.
        words: Why, for people.
        since_ns: Monotonic time since when it has waited, for whatever reason.
    """

    reason: Wait
    words: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """What the schedule is doing.

    Attributes:
        running: Measurements under way; one at most unless more are asked for.
        next_case: Whose turn is next, as things are now; None where nothing can run at all.
        next_ns: Monotonic time of the next measurement's start; None while nobody can know it.
        deferral: Why nothing runs although a slot is there; None otherwise.
        duty_ratios: Share of the window for `max_duty` that was used, by CPU cluster.
        deferred: Deferred slots so far, by reason.
        notes: What people should know of how it is set up, a sentence each.
    """

    running: tuple[Running, ...] = ()
    next_case: Case | None = None
    next_ns: int | None = None
    deferral: Deferral | None = None
    duty_ratios: Mapping[str, float] = field(default_factory=dict)
    deferred: Mapping[Wait, int] = field(default_factory=lambda: MappingProxyType(dict.fromkeys(Wait, 0)))
    notes: tuple[str, ...] = ()
