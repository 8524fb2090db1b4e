"""All counters at one moment, small enough to be written every few seconds.

Sixteen cases have several hundred samples, whose names and labels are much alike: deflated, they fit one
page or two.
"""

import json
import zlib
from collections.abc import Mapping

# Name of the sample, and its labels.
CounterKey = tuple[str, frozenset[tuple[str, str]]]
Counters = Mapping[CounterKey, float]


def encode(counters: Counters) -> bytes:
    """The counters as bytes; values come back exactly."""
    rows = [[name, dict(sorted(labels)), value] for (name, labels), value in counters.items()]
    return zlib.compress(json.dumps(rows).encode())


def decode(state: bytes) -> Counters:
    """The counters in bytes that `encode` made.

    Raises:
        ValueError: If the bytes are anything else.
    """
    try:
        return {
            (str(name), frozenset((str(k), str(v)) for k, v in labels.items())): _number(value)
            for name, labels, value in json.loads(zlib.decompress(state))
        }
    except (zlib.error, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"are no counters: {error}") from error


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f"{value!r} is no count")
    return value
