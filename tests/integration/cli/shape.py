"""The shape that a JSON document must have: exactly these keys, of these types."""

from collections.abc import Mapping
from typing import Any

# A mapping of shapes, a list with one shape, an `EachValue`, a type or several, or a function that judges.
Shape = Any
NULL = type(None)


class EachValue:
    """A mapping with any keys, whose values all have one shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape


def deviations(value: object, shape: Shape, where: str = "$") -> list[str]:
    """Where a value has another shape; nothing if it has this one."""
    if isinstance(shape, Mapping | EachValue):
        if not isinstance(value, Mapping):
            return [f"{where} is no object"]
        if isinstance(shape, EachValue):
            shape = dict.fromkeys(value, shape.shape)
        found = [f"{where} lacks {key}" for key in shape.keys() - value.keys()]
        found += [f"{where} has {key}, which nobody asked for" for key in value.keys() - shape.keys()]
        for key in shape.keys() & value.keys():
            found += deviations(value[key], shape[key], f"{where}.{key}")
        return found
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is no array"]
        return [off for i, each in enumerate(value) for off in deviations(each, shape[0], f"{where}[{i}]")]
    fits = isinstance(value, shape) if isinstance(shape, type | tuple) else shape(value)
    return [] if fits and not (isinstance(value, bool) and shape is int) else [f"{where} is {value!r}"]
