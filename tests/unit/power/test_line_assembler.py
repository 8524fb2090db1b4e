"""Lines are put together from whatever pieces they come in."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from edged.power.line_assembler import LineAssembler

texts = st.lists(st.binary(min_size=1, max_size=20).map(lambda b: b.translate(None, b"\r\n\0") or b"x"))
ends = st.sampled_from([b"\n", b"\r\n", b"\n\r", b"\0\n\0", b"\r\r\n"])


@given(lines=texts, end=ends, cuts=st.lists(st.integers(0, 500), max_size=20))
def test_lines_come_out_whole_however_they_were_cut(lines: list[bytes], end: bytes, cuts: list[int]) -> None:
    stream = b"".join(line + end for line in lines)
    assembler = LineAssembler(20, starts_inside=False)
    places = sorted({0, *(min(cut, len(stream)) for cut in cuts), len(stream)})
    pieces = [stream[a:b] for a, b in itertools.pairwise(places)]
    assert [line for piece in pieces for line in assembler.feed(piece)] == lines


def test_a_line_that_began_before_anybody_listened_is_dropped() -> None:
    assembler = LineAssembler(20, starts_inside=True)
    assert assembler.feed(b"5,6\n1,2\n3") == [b"1,2"]
    assert assembler.feed(b",4\n") == [b"3,4"]


def test_what_is_too_long_to_be_a_line_is_dropped_up_to_its_end() -> None:
    assembler = LineAssembler(4, starts_inside=False)
    assert assembler.feed(b"123") == []
    assert assembler.feed(b"45") == []
    assert assembler.feed(b"6\nab\n") == [b"ab"]


def test_a_stream_without_line_ends_takes_no_memory() -> None:
    assembler = LineAssembler(100, starts_inside=False)
    for _ in range(1000):
        assert assembler.feed(b"x" * 4096) == []
    assert len(assembler._rest) <= 100


@given(st.lists(st.binary(max_size=200)))
def test_a_line_is_never_longer_than_allowed_and_holds_no_line_end(pieces: list[bytes]) -> None:
    assembler = LineAssembler(16, starts_inside=True)
    for piece in pieces:
        for line in assembler.feed(piece):
            assert 0 < len(line) <= 16
            assert not set(line) & set(b"\r\n\0")
