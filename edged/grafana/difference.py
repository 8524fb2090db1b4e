"""The difference of two JSON documents for people: one line for each value that is not the same."""

import json
from collections.abc import Iterator
from typing import Any

_MOST = 60


def difference(old: object, new: object) -> tuple[str, ...]:
    """What must change to make `new` of `old`.

    Panels are called by their titles, so that one that moved does not seem to be all of the others.

    Args:
        old: What is there.
        new: What should be there.
    """
    return tuple(_lines("", old, new))


def _lines(path: str, old: object, new: object) -> Iterator[str]:
    if isinstance(old, list) and isinstance(new, list):
        old_by, new_by = _named(old), _named(new)
        if old_by is not None and new_by is not None:
            yield from _lines(path, old_by, new_by)
            if list(old_by) != list(new_by) and old_by.keys() == new_by.keys():
                yield f"~ {path}: in another order"
            return
        old, new = dict(enumerate(old)), dict(enumerate(new))
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            below = f"{path}.{key}" if path else str(key)
            if key not in new:
                yield f"- {below}: {_short(old[key])}"
            elif key not in old:
                yield f"+ {below}: {_short(new[key])}"
            else:
                yield from _lines(below, old[key], new[key])
    elif old != new:
        yield f"~ {path}: {_short(old)} → {_short(new)}"


def _named(items: list[Any]) -> dict[str, Any] | None:
    """Items by title or name; None if not all have one of their own."""
    names = [_name(item) for item in items]
    if None in names or len(set(names)) != len(names):
        return None
    return {f"[{name}]": item for name, item in zip(names, items, strict=True)}


def _name(item: object) -> str | None:
    if not isinstance(item, dict):
        return None
    name = item.get("title") or item.get("name")
    return name if isinstance(name, str) else None


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
