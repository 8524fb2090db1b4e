"""The trade-offs of this board, from the last valid measurement of each case.

One trade-off is what one plot shows: accuracy against latency, memory or energy, among the cases of one CPU
cluster (the paper's Fig. 5) or among all of the board (Fig. 4 for memory, which no cluster changes). Against
latency and energy at once it is always all of the board: whether a CPU cluster is worth it is the question.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from edged.exposition.case_account import CaseAccount
from edged.exposition.snapshot import Snapshot
from edged.inference.model import Accuracy
from edged.tradeoff.costs import Objective, point_of
from edged.tradeoff.front import Point, Standing, standings
from edged.tradeoff.like_rails import are_compared, compared_rails

_OF_A_CLUSTER = (Objective.LATENCY, Objective.MEMORY, Objective.ENERGY)


@dataclass(frozen=True, slots=True)
class Traded:
    """One case in a trade-off.

    Attributes:
        account: The case.
        accuracy: That of its model.
        point: Its accuracy and its costs.
        standing: How it stands among the others.
    """

    account: CaseAccount
    accuracy: Accuracy
    point: Point
    standing: Standing


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """Accuracy against what it costs.

    Attributes:
        objective: What counts as cost.
        cpu_cluster: Among the cases of which CPU cluster; "" for all of the board.
        traded: The cases whose accuracy and costs are known, and comparable.
        on_other_rails: The cases whose energy is added over other rails than that of the rest.
    """

    objective: Objective
    cpu_cluster: str
    traded: tuple[Traded, ...]
    on_other_rails: tuple[CaseAccount, ...] = ()


def cluster_tradeoffs(snapshot: Snapshot) -> Iterator[Tradeoff]:
    """Latency, memory and energy on every CPU cluster that has cases."""
    for cluster in dict.fromkeys(case.labels[3] for case in snapshot.cases):
        for objective in _OF_A_CLUSTER:
            cases = tuple(case for case in snapshot.cases if case.labels[3] == cluster)
            yield _tradeoff(snapshot, objective, cluster, cases)


def board_tradeoffs(snapshot: Snapshot) -> Iterator[Tradeoff]:
    """Memory, with each model once, and energy, with all cases: what the board as a whole offers."""
    each_model_once = {case.labels[:3]: case for case in reversed(snapshot.cases)}
    yield _tradeoff(snapshot, Objective.MEMORY, "", tuple(reversed(each_model_once.values())))
    yield _tradeoff(snapshot, Objective.ENERGY, "", snapshot.cases)


def latency_and_energy(snapshot: Snapshot) -> Tradeoff:
    """Latency and energy at once, with all cases: which model on which CPU cluster?"""
    return _tradeoff(snapshot, Objective.LATENCY_AND_ENERGY, "", snapshot.cases)


def _tradeoff(
    snapshot: Snapshot, objective: Objective, cpu_cluster: str, cases: tuple[CaseAccount, ...]
) -> Tradeoff:
    facts = {
        (each.model.name, each.model.alpha, each.model.precision): (each.model.accuracy, each.size_bytes)
        for each in snapshot.models
    }
    other_rails = _on_other_rails(cases) if Objective.ENERGY in objective.parts else ()
    known: list[tuple[CaseAccount, Accuracy, Point]] = []
    for case in cases:
        accuracy, size_bytes = facts.get(case.labels[:3], (None, None))
        if accuracy is None or case in other_rails:
            continue
        point = point_of(objective, accuracy.top1_ratio, case.last_valid, size_bytes)
        if point:
            known.append((case, accuracy, point))
    standing = standings([point for _, _, point in known])
    traded = (Traded(*each, stands) for each, stands in zip(known, standing, strict=True))
    return Tradeoff(objective, cpu_cluster, tuple(traded), other_rails)


def _on_other_rails(cases: tuple[CaseAccount, ...]) -> tuple[CaseAccount, ...]:
    measured = [(case, case.last_valid.rails) for case in cases if case.last_valid and case.last_valid.rails]
    compared = compared_rails(rails for _, rails in measured)
    return tuple(case for case, rails in measured if not are_compared(rails, compared))
