"""Jobs and events as JSON between a worker and its parent.

The worker runs native code on a file that nobody has vetted, so its parent trusts no line: sizes are
bounded, types checked, and anything else is a `WireError`.
"""

import json
from dataclasses import asdict
from typing import Any

from edged.errors import EdgedError
from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Job, Loaded

MAX_LINE_BYTES = 1 << 20
_MAX_TEXT = 500
_MAX_NS = 1 << 63


class WireError(EdgedError):
    """A line from a worker is no event."""


def encode_job(job: Job) -> bytes:
    """A job, as a worker reads it on its standard input."""
    return json.dumps(asdict(job)).encode()


def decode_job(content: bytes) -> Job:
    """A job from the parent, who is trusted."""
    fields = json.loads(content)
    return Job(**fields | {"cpus": tuple(fields["cpus"])})


def encode(event: Event) -> bytes:
    """One event as one line."""
    match event:
        case Loaded():
            content: dict[str, object] = {
                "event": "loaded",
                "engine": event.engine,
                "engine_version": event.engine_version,
                "delegate": event.delegate,
                "threads": event.threads,
                "load_s": event.load_s,
            }
        case Inferences():
            rows = [[i.start_ns, i.end_ns, i.cpu_ns, int(i.warmup)] for i in event.inferences]
            content = {"event": "inferences", "rows": rows}
        case Finished():
            content = {"event": "finished", "peak_memory_bytes": event.peak_memory_bytes}
        case Failed():
            content = {"event": "failed", "cause": event.cause, "detail": event.detail[:_MAX_TEXT]}
    return json.dumps(content).encode() + b"\n"


def decode(line: bytes) -> Event:
    """One line as an event.

    Raises:
        WireError: If it is not one.
    """
    if len(line) > MAX_LINE_BYTES:
        raise WireError(f"a line of {len(line)} bytes is longer than any event")
    try:
        content = json.loads(line)
        return _event(content)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WireError(f"a line is no event ({line[:60]!r})") from error


def _event(content: Any) -> Event:  # noqa: ANN401 - whatever JSON holds
    kind = content["event"]
    if kind == "loaded":
        engine, version, delegate = (_text(content[key]) for key in ("engine", "engine_version", "delegate"))
        return Loaded(engine, version, delegate, _whole(content["threads"]), _seconds(content["load_s"]))
    if kind == "inferences":
        return Inferences(tuple(_inference(row) for row in _list(content["rows"])))
    if kind == "finished":
        return Finished(_whole(content["peak_memory_bytes"]))
    if kind == "failed":
        return Failed(_text(content["cause"]), _text(content["detail"]))
    raise ValueError(kind)


def _inference(row: Any) -> Inference:  # noqa: ANN401
    start_ns, end_ns, cpu_ns, warmup = (_whole(value) for value in _list(row))
    if end_ns < start_ns:
        raise ValueError(row)
    return Inference(start_ns, end_ns, cpu_ns, bool(warmup))


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    if type(value) is not list:
        raise ValueError(value)
    return value


def _whole(value: Any) -> int:  # noqa: ANN401
    if type(value) is not int or not 0 <= value < _MAX_NS:
        raise ValueError(value)
    return value


def _seconds(value: Any) -> float:  # noqa: ANN401
    if type(value) not in {int, float} or not 0 <= value < 1e6:
        raise ValueError(value)
    return float(value)


def _text(value: Any) -> str:  # noqa: ANN401
    if type(value) is not str or len(value) > _MAX_TEXT:
        raise ValueError(value)
    return "".join(character if character.isprintable() else " " for character in value)
