"""Which cases there are, and which of them are wanted."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from os.path import abspath

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
        models: Names or files of models, or of cases (`MODEL@CLUSTER`); where none is called exactly so, `*`
            and `?` are meant as in a shell.
        precisions: Names of precisions.
        clusters: Names of CPU clusters.

    Raises:
        UsageError: If something asked for is not there, with what there is.
    """
    chosen = [_meant(name, cases) for name in models]
    _all_known("precision", precisions, [c.model.precision for c in cases])
    _all_known("CPU cluster", clusters, [c.cpu_cluster for c in cases])
    selected = [
        case
        for case in cases
        if (not models or any(case in meant for meant in chosen))
        and (not precisions or case.model.precision in precisions)
        and (not clusters or case.cpu_cluster in clusters)
    ]
    if not selected:
        raise UsageError("no case matches all that is asked for", remedy="ask for less at once")
    return selected


def _meant(name: str, cases: Sequence[Case]) -> list[Case]:
    """The cases that a name means: a model called "[x]" is meant by that, whatever it is as a pattern."""
    model, at, cluster = name.rpartition("@") if "@" in name else (name, "", "*")
    there = [case for case in cases if fnmatchcase(case.cpu_cluster, cluster)]
    for meant in (
        [case for case in there if case.model.name == model],
        [case for case in there if abspath(case.model.path) == abspath(model)],
        [case for case in there if fnmatchcase(case.model.name, model)],
    ):
        if meant:
            return meant
    raise _no_model(name, cases, with_cluster=bool(at))


def _no_model(name: str, cases: Sequence[Case], *, with_cluster: bool) -> UsageError:
    if name.endswith(".tflite"):
        return UsageError(
            "there is no model of that file", where=name, remedy="name it in a [[model]] of edged.toml"
        )
    names = [case.model.name for case in cases]
    return not_among(names + [str(case) for case in cases] if with_cluster else names, "model", name)


def _all_known(kind: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            raise not_among(known, kind, name)
