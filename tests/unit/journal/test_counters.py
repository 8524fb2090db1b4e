"""Counters as bytes."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.journal.counters import Counters, decode, encode

_texts = st.text(st.characters(codec="utf-8"), max_size=8)
_keys = st.tuples(_texts, st.dictionaries(_texts, _texts, max_size=3).map(lambda d: frozenset(d.items())))
_values = st.integers(0, 1 << 60) | st.floats(min_value=0, allow_infinity=False, allow_nan=False)


@given(st.dictionaries(_keys, _values, max_size=8))
def test_counters_come_back_exactly(counters: Counters) -> None:
    assert decode(encode(counters)) == counters


@given(st.binary() | st.binary().map(zlib.compress))
def test_anything_else_is_refused(state: bytes) -> None:
    if state != encode({}):
        with pytest.raises(ValueError, match=r"."):
            decode(state)


@pytest.mark.parametrize("row", ['["a", {}, -1]', '["a", {}, NaN]', '["a", {}, true]', '["a", [], 1]', "3"])
def test_what_is_no_count_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(zlib.compress(f"[{row}]".encode()))
