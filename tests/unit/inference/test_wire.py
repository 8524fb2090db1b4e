"""Events survive the way from worker to parent, and nothing else does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.inference.job import Event, Failed, Finished, Inference, Inferences, Loaded
from edged.inference.wire import MAX_LINE_BYTES, WireError, decode, encode

moments = st.integers(0, 2**62)
texts = st.text(st.characters(categories=["L", "N", "P"]), max_size=100)
inferences = st.builds(
    lambda start, took, cpu, warmup: Inference(start, start + took, cpu, warmup),
    moments,
    st.integers(0, 2**40),
    moments,
    st.booleans(),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Loaded, texts, texts, texts, st.integers(1, 8), st.floats(0, 1e5)),
    st.builds(Inferences, st.lists(inferences, max_size=20).map(tuple)),
    st.builds(Finished, st.integers(0, 2**40)),
    st.builds(Failed, texts, texts),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(events)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    line = encode(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == event


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_worse(line: bytes) -> None:
    with pytest.raises(WireError):
        decode(line)


@given(st.sampled_from(["loaded", "inferences", "finished", "failed", "other"]), json_values)
def test_well_formed_json_of_the_wrong_shape_is_refused(kind: str, value: object) -> None:
    keys = ("engine", "engine_version", "delegate", "threads", "load_s", "rows", "peak_memory_bytes")
    content = {"event": kind, "cause": value, "detail": value, **dict.fromkeys(keys, value)}
    try:
        decode(json.dumps(content).encode())
    except WireError:
        return
    # What passes has the one shape that each kind allows.
    if kind == "finished":
        assert type(value) is int
    elif kind == "inferences":
        assert isinstance(value, list)
    else:
        assert kind == "failed"
        assert isinstance(value, str)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(WireError, match="longer than any event"):
        decode(b" " * (MAX_LINE_BYTES + 1))


def test_an_inference_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(WireError):
        decode(b'{"event": "inferences", "rows": [[10, 9, 1, 0]]}')


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(WireError):
        decode(b"[" * 100_000)


def test_control_characters_of_a_worker_never_reach_a_terminal() -> None:
    event = decode(b'{"event": "failed", "cause": "crashed", "detail": "\\u001b[2Jgone"}')
    assert event == Failed("crashed", " [2Jgone")
