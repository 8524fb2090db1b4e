"""Which cases there are, and which of them are wanted."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from edged.board.parts import Board
from edged.errors import UsageError, not_among
from edged.inference.model import Model
from edged.measurement.result import Case


def all_cases(models: Iterable[Model], board: Board) -> list[Case]:
    """Every model on every CPU cluster, the fastest cluster first: a newcomer sees results soonest.

    Args:
        models: In the order in which they are to run.
        board: Whose clusters are listed from the slowest to the fastest.
    """
    clusters = [cluster.name for cluster in reversed(board.clusters)]
    models = list(models)
    return [Case(model, cluster) for cluster in clusters for model in models]


def select(
    cases: Sequence[Case],
    *,
    models: Sequence[str] = (),
    precisions: Sequence[str] = (),
    clusters: Sequence[str] = (),
) -> list[Case]:
    """The cases that match all three choices; an empty choice is no choice.

    Args:
        cases: Those there are.
        models: Names of models or of cases (`MODEL@CLUSTER`), with `*` and `?` as in a shell.
        precisions: Names of precisions.
        clusters: Names of CPU clusters.

    Raises:
        UsageError: If something asked for is not there, with what there is.
    """
    names = [c.model.name for c in cases] + [str(c) for c in cases if any("@" in m for m in models)]
    _all_known("model", models, names)
    _all_known("precision", precisions, [c.model.precision for c in cases])
    _all_known("CPU cluster", clusters, [c.cpu_cluster for c in cases])
    selected = [
        case
        for case in cases
        if (not models or any(_matches(case, pattern) for pattern in models))
        and (not precisions or case.model.precision in precisions)
        and (not clusters or case.cpu_cluster in clusters)
    ]
    if not selected:
        raise UsageError("no case matches all that is asked for", remedy="ask for less at once")
    return selected


def _matches(case: Case, pattern: str) -> bool:
    return fnmatchcase(str(case) if "@" in pattern else case.model.name, pattern)


def _all_known(kind: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if not any(fnmatchcase(candidate, name) for candidate in known):
            raise not_among(known, kind, name)
