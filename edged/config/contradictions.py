"""What no single option can know: names that are taken twice, or meant nowhere.

They are sought in the document itself, so that they are found although other options are wrong.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from edged.config.option import nearest, shorten
from edged.config.problem import Problem
from edged.config.sections import BUILT_PRECISIONS
from edged.measurement.protocol import BUILT_IN


def contradictions(document: dict[str, Any]) -> Iterator[Problem]:
    """Options that do not fit each other.

    Args:
        document: What `tomllib` made of the file; its values may be of any type.
    """
    measure = _table(document.get("measure"))
    models = _tables(document.get("model"))
    own_protocols = _table(document.get("protocols"))
    for name in own_protocols:
        if name in BUILT_IN:
            yield Problem(("protocols", name), "has the name of a built-in protocol; give it another one")
    yield from _unknown(
        ("measure", "protocol"), measure.get("protocol"), [*BUILT_IN, *own_protocols], "protocols"
    )
    precisions = [*BUILT_PRECISIONS, *_texts(models, "precision")]
    chosen = measure.get("precisions")
    for index, precision in enumerate(chosen if isinstance(chosen, list) else []):
        yield from _unknown(("measure", "precisions", index), precision, precisions, "precisions")
    yield from _taken_twice(("model",), models)
    for index, model in enumerate(models):
        yield from _accuracy(("model", index), model)


def _unknown(path: tuple[str | int, ...], value: object, known: list[str], what: str) -> Iterator[Problem]:
    if isinstance(value, str) and value not in known:
        known = list(dict.fromkeys(known))
        listed = f"known {what} are {', '.join(shorten(name) for name in known)}"
        yield Problem(path, f'is "{shorten(value)}", but {listed}{nearest(value, known)}')


def _taken_twice(path: tuple[str | int, ...], tables: list[dict[str, Any]]) -> Iterator[Problem]:
    """Each table that has the name of one before it."""
    seen: Counter[str] = Counter()
    for index, table in enumerate(tables):
        if isinstance(name := table.get("name"), str):
            seen[name] += 1
            if seen[name] > 1:
                yield Problem((*path, index, "name"), f'is "{shorten(name)}", which is taken already')


def _accuracy(path: tuple[str | int, ...], model: dict[str, Any]) -> Iterator[Problem]:
    top1, top5 = model.get("top1_ratio"), model.get("top5_ratio")
    if top5 is not None and top1 is None:
        yield Problem((*path, "top5_ratio"), "is set without top1_ratio; set both")
    elif isinstance(top1, int | float) and isinstance(top5, int | float) and top5 < top1:
        yield Problem((*path, "top5_ratio"), "is below top1_ratio, which cannot be")


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[dict[str, Any]]:
    """The value as an array of tables; what is no table in it counts as an empty one."""
    return [_table(item) for item in value] if isinstance(value, list) else []


def _texts(tables: list[dict[str, Any]], key: str) -> list[str]:
    return [value for table in tables if isinstance(value := table.get(key), str)]
