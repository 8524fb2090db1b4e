"""Which cases are worth deploying."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.case_account import CASE_LABELS
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.exposition.tradeoffs import cluster_tradeoffs, latency_and_energy

_LABELS = (*CASE_LABELS, "objective")

OPTIMAL = Family(
    "edged_pareto_optimal",
    "gauge",
    _LABELS,
    "Whether no other case is as accurate and costs less: 1 or 0. The objective is what it costs: latency, "
    "memory (the model file) or energy (net, per inference, all rails), among the cases of the CPU cluster; "
    "or latency_and_energy, both at once, among the cases of all CPU clusters.",
)
CERTAIN = Family(
    "edged_pareto_certain",
    "gauge",
    _LABELS,
    "Whether that holds wherever in their 95 % intervals the costs lie: 1 or 0.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    rows = [
        ((*each.account.labels, tradeoff.objective.value), each.standing)
        for tradeoff in (*cluster_tradeoffs(snapshot), latency_and_energy(snapshot))
        for each in tradeoff.traded
    ]
    yield from OPTIMAL.of((labels, int(standing.optimal)) for labels, standing in rows)
    yield from CERTAIN.of((labels, int(standing.certain)) for labels, standing in rows)


def _inputs(snapshot: Snapshot) -> tuple[object, ...]:
    return (snapshot.models, *(case.last_valid for case in snapshot.cases))


PARETO = Subject("pareto", (OPTIMAL, CERTAIN), _collect, _inputs)
