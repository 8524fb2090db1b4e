"""Which case to deploy: those that keep to limits, the one that costs least first.

```
 options ──limits──▶ those that keep to them ──ranked by what is to be least──▶ the choice
                                                     and what more accuracy would cost ──▶ the next better
```
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from edged.measurement.result import Uncertain

_DUST = 1e-9
LIMITS = ("latency", "accuracy", "energy")


class Least(StrEnum):
    """What is to be least."""

    LATENCY = "latency"
    ENERGY = "energy"
    MEMORY = "memory"


class Keeps(StrEnum):
    """Whether an option keeps to a limit."""

    CERTAINLY = "certainly"
    PROBABLY = "probably"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Option:
    """One case that could be deployed.

    Attributes:
        model: Name of its model.
        cpu_cluster: Where it ran.
        latency_s: Mean latency, in seconds. What has no known U95 keeps to no limit certainly.
        top1_ratio: Top-1 accuracy, 0 to 1; None where it is not known.
        energy_j: Net energy per inference over all rails, in joules; None where nothing measures power.
        size_bytes: Size of the model file; None where there is none.
    """

    model: str
    cpu_cluster: str
    latency_s: Uncertain
    top1_ratio: float | None = None
    energy_j: Uncertain | None = None
    size_bytes: int | None = None

    def cost(self, least: Least) -> Uncertain | None:
        """What it costs; None where that is not known."""
        match least:
            case Least.LATENCY:
                return self.latency_s
            case Least.ENERGY:
                return self.energy_j
            case Least.MEMORY:
                return None if self.size_bytes is None else Uncertain(self.size_bytes, 0.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an option must keep to; None leaves it open.

    Attributes:
        max_latency_s: Most mean latency, in seconds.
        min_top1_ratio: Least top-1 accuracy, 0 to 1.
        max_energy_j: Most net energy per inference, in joules.
    """

    max_latency_s: float | None = None
    min_top1_ratio: float | None = None
    max_energy_j: float | None = None

    def kept_by(self, option: Option) -> Keeps:
        """Whether an option keeps to all limits; what is not known keeps to none."""
        kept = [
            _most(option.latency_s, self.max_latency_s),
            _most(option.energy_j, self.max_energy_j),
            _accurate(option.top1_ratio, self.min_top1_ratio),
        ]
        return next((each for each in (Keeps.NOT, Keeps.PROBABLY) if each in kept), Keeps.CERTAINLY)

    def may_be_kept_by(self, option: Option) -> bool:
        """Whether some costs within U95 keep to all limits, though the best estimates may not."""
        energy_j = _lowest(option.energy_j) if option.energy_j else None
        lowest = replace(option, latency_s=_lowest(option.latency_s), energy_j=energy_j)
        return self.kept_by(lowest) is not Keeps.NOT

    def broken_by(self, option: Option) -> tuple[str, ...]:
        """Names of the limits that what is known of an option breaks, such as "latency"."""
        known = self.known_of(option)
        return tuple(name for name in LIMITS if known.only(name).kept_by(option) is Keeps.NOT)

    def unknown_of(self, option: Option) -> tuple[str, ...]:
        """Names of the limits of which nobody knows whether an option keeps to them, such as "accuracy"."""
        known = self.known_of(option)
        return tuple(name for name in LIMITS if known.only(name) != self.only(name))

    def known_of(self, option: Option) -> "Limits":
        """Those of the limits that an option has a figure for."""
        return Limits(
            self.max_latency_s,
            None if option.top1_ratio is None else self.min_top1_ratio,
            self.max_energy_j if option.energy_j else None,
        )

    def only(self, name: str) -> "Limits":
        """One of the limits, without the others."""
        return {
            "latency": Limits(max_latency_s=self.max_latency_s),
            "accuracy": Limits(min_top1_ratio=self.min_top1_ratio),
            "energy": Limits(max_energy_j=self.max_energy_j),
        }[name]


@dataclass(frozen=True, slots=True)
class Advice:
    """One option that keeps to the limits.

    Attributes:
        option: The option.
        keeps: How surely.
        dearer_ratio: Its cost by the cost of the first choice; 1 for the first, None if it is not known.
        ahead: Whether the first choice is cheaper than it by more than both U95 leave open.
    """

    option: Option
    keeps: Keeps
    dearer_ratio: float | None
    ahead: bool

    @property
    def ranked(self) -> bool:
        """Whether its cost is known."""
        return self.dearer_ratio is not None


def advise(options: Sequence[Option], limits: Limits, least: Least) -> list[Advice]:
    """The options that keep to the limits, the cheapest first; of equals the more accurate one.

    Those whose cost is not known come last, the fastest first: any of them may be the cheapest.

    Args:
        options: What there is to choose from.
        limits: What they must keep to.
        least: What is to be least.
    """
    kept = [(option, keeps) for option in options if (keeps := limits.kept_by(option)) is not Keeps.NOT]
    ranked = [(cost, option, keeps) for option, keeps in kept if (cost := option.cost(least))]
    ranked.sort(key=lambda each: _by_cost(each[0], each[1]))
    unknown = [(option, keeps) for option, keeps in kept if not option.cost(least)]
    unknown.sort(key=lambda each: _by_cost(each[0].latency_s, each[0]))
    return [
        Advice(
            option,
            keeps,
            dearer_ratio=cost.value / ranked[0][0].value if ranked[0][0].value > 0 else 1.0,
            ahead=cost.value - cost.u95 > ranked[0][0].value + ranked[0][0].u95,
        )
        for cost, option, keeps in ranked
    ] + [Advice(option, keeps, dearer_ratio=None, ahead=False) for option, keeps in unknown]


def next_better(options: Sequence[Option], choice: Option, least: Least, limits: Limits) -> Option | None:
    """The cheapest option that is more accurate than the choice: one within the limits if there is any.

    One that lacks the figure for that comes after those that do not, and before those that break a limit.
    """
    if choice.top1_ratio is None:
        return None
    better = [option for option in options if (option.top1_ratio or 0.0) > choice.top1_ratio]

    def order(option: Option) -> tuple[bool, bool, float, str, str]:
        cost = option.cost(least)
        broken = limits.known_of(option).kept_by(option) is Keeps.NOT
        lacking = cost is None or bool(limits.unknown_of(option))
        return broken, lacking, (cost or option.latency_s).value, option.model, option.cpu_cluster

    return min(better, key=order, default=None)


def open_ones(options: Sequence[Option], limits: Limits) -> list[Option]:
    """Those that break a limit by so little that U95 leaves it open, or whose U95 is not known."""
    return [
        option for option in options if limits.kept_by(option) is Keeps.NOT and limits.may_be_kept_by(option)
    ]


def undecided(options: Sequence[Option], limits: Limits) -> list[Option]:
    """Those that keep to every limit that they have a figure for, but lack one for another."""
    return [
        option
        for option in options
        if limits.unknown_of(option) and limits.known_of(option).kept_by(option) is not Keeps.NOT
    ]


@dataclass(frozen=True, slots=True)
class Nearest:
    """What comes nearest to one limit.

    Attributes:
        limit: Name of the limit: latency, accuracy or energy.
        option: The best in that respect of those that keep to the other limits.
        within_others: Whether it keeps to the other limits; if not, nothing does, and it is the best of all.
    """

    limit: str
    option: Option
    within_others: bool


def nearest(options: Sequence[Option], limits: Limits) -> list[Nearest]:
    """What comes nearest to each limit that is set, where nothing keeps to all of them.

    Args:
        options: Those without a figure for a limit are left out there.
        limits: Which no option keeps to.
    """
    found = []
    for name, others, key in (
        ("latency", replace(limits, max_latency_s=None), _by_latency),
        ("accuracy", replace(limits, min_top1_ratio=None), _by_accuracy),
        ("energy", replace(limits, max_energy_j=None), _by_energy),
    ):
        if others == limits:
            continue
        known = [option for option in options if key(option) < math.inf]
        keeping = [option for option in known if others.kept_by(option) is not Keeps.NOT]
        if known:
            found.append(Nearest(name, min(keeping or known, key=key), within_others=bool(keeping)))
    return found


def _by_cost(cost: Uncertain, option: Option) -> tuple[float, float, str]:
    return cost.value, -(option.top1_ratio or 0.0), str(option)


def _by_latency(option: Option) -> float:
    return option.latency_s.value


def _by_accuracy(option: Option) -> float:
    return math.inf if option.top1_ratio is None else -option.top1_ratio


def _by_energy(option: Option) -> float:
    return option.energy_j.value if option.energy_j else math.inf


def _lowest(cost: Uncertain) -> Uncertain:
    return Uncertain(cost.value - cost.u95, 0.0)


def _most(value: Uncertain | None, limit: float | None) -> Keeps:
    if limit is None:
        return Keeps.CERTAINLY
    if value is None or value.value > limit:
        return Keeps.NOT
    return Keeps.CERTAINLY if value.value + value.u95 <= limit else Keeps.PROBABLY


def _accurate(top1_ratio: float | None, limit: float | None) -> Keeps:
    if limit is None:
        return Keeps.CERTAINLY
    # 66.9 % typed by a person is not the same binary fraction as 0.669.
    return Keeps.NOT if top1_ratio is None or top1_ratio < limit - _DUST else Keeps.CERTAINLY
