"""`/api/v1/tradeoffs`: the paper's plots for this board, with the paper's own points."""

from collections.abc import Iterator, Mapping

from edged import paper
from edged.exposition.api.results import case_json
from edged.exposition.snapshot import Snapshot
from edged.exposition.tradeoffs import (
    Traded,
    Tradeoff,
    board_tradeoffs,
    cluster_tradeoffs,
    latency_and_energy,
)
from edged.tradeoff.costs import Objective
from edged.tradeoff.inference_energy import rails_that_add_up

_UNITS = {Objective.LATENCY: "s", Objective.MEMORY: "B", Objective.ENERGY: "J"}
_BYTES_PER_MB = 1e6


def tradeoffs_json(snapshot: Snapshot) -> Mapping[str, object]:
    """Every plot: latency and energy of each CPU cluster, memory and energy of the whole board.

    Memory is the same on every cluster. Where there is one cluster, its energy is the board's. Beside the
    plots stands what is worth it in latency and energy at once: two costs have no one axis.
    """
    by_cluster = [each for each in cluster_tradeoffs(snapshot) if each.objective is not Objective.MEMORY]
    several = len({each.cpu_cluster for each in by_cluster}) > 1
    board = [each for each in board_tradeoffs(snapshot) if several or each.objective is Objective.MEMORY]
    both = latency_and_energy(snapshot)
    return {
        "plots": [_plot(tradeoff) for tradeoff in (*by_cluster, *board)],
        both.objective.value: {
            "points": [_point_of_both(traded) for traded in both.traded],
            "on_other_rails": _on_other_rails(both),
        },
    }


def _plot(tradeoff: Tradeoff) -> Mapping[str, object]:
    return {
        "objective": tradeoff.objective.value,
        "unit": _UNITS[tradeoff.objective],
        "cpu_cluster": tradeoff.cpu_cluster,
        "points": [_point(each, tradeoff.objective) for each in tradeoff.traded],
        "on_other_rails": _on_other_rails(tradeoff),
        "paper": list(_paper(tradeoff)),
    }


def _on_other_rails(tradeoff: Tradeoff) -> list[Mapping[str, object]]:
    """Cases that are left out: their energy is added over other rails than that of the rest."""
    return [
        {**case_json(case), "rails": rails_that_add_up(case.last_valid.rails)}
        for case in tradeoff.on_other_rails
        if case.last_valid
    ]


def _point(traded: Traded, objective: Objective) -> Mapping[str, object]:
    case = case_json(traded.account)
    if objective is Objective.MEMORY:
        del case["cpu_cluster"]
    return {**case, **_worth(traded), "cost": traded.point.cost, "cost_u95": traded.point.cost_u95}


def _point_of_both(traded: Traded) -> Mapping[str, object]:
    latency, energy = traded.point.costs
    return {
        **case_json(traded.account),
        **_worth(traded),
        "latency_s": {"value": latency.value, "u95": latency.u95},
        "net_energy_j": {"value": energy.value, "u95": energy.u95},
    }


def _worth(traded: Traded) -> Mapping[str, object]:
    return {
        "top1_ratio": traded.accuracy.top1_ratio,
        "top1_source": traded.accuracy.source,
        "optimal": traded.standing.optimal,
        "certain": traded.standing.certain,
    }


def _paper(tradeoff: Tradeoff) -> Iterator[Mapping[str, object]]:
    """The paper's points as the paper has them: its alpha 1.0 INT8 is partly another model."""
    for model in paper.PUBLISHED:
        fps = paper.frames_per_second(model.alpha, model.precision, tradeoff.cpu_cluster)
        costs = {
            Objective.LATENCY: 1 / fps if fps else None,
            Objective.MEMORY: model.paper_size_mb * _BYTES_PER_MB,
        }
        cost = costs.get(tradeoff.objective)
        if cost is not None:
            yield {
                "alpha": model.alpha,
                "precision": model.precision,
                "top1_ratio": model.paper_top1_ratio,
                "cost": cost,
                "mixed_with_v2": (model.paper_top1_ratio, model.paper_size_mb)
                != (model.top1_ratio, model.size_mb),
            }
