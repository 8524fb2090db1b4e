"""Compression part by part, against the standard library's."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from edged.exposition.gzip_parts import GzipParts

PARTS = st.lists(
    st.one_of(st.binary(max_size=50), st.sampled_from([b"same " * 100, b"other\n" * 5_000])), max_size=6
)


@given(st.lists(PARTS, max_size=4))
def test_whatever_the_parts_are_and_were_before_all_of_them_come_out_again(times: list[list[bytes]]) -> None:
    compressor = GzipParts()
    for parts in times:
        assert gzip.decompress(compressor.compress(parts)) == b"".join(parts)


def test_it_remembers_the_last_parts_only() -> None:
    compressor = GzipParts()
    for number in range(100):
        compressor.compress([b"same", b"%d" % number])
    assert set(compressor._known) == {b"same", b"99"}


def test_text_gets_much_smaller() -> None:
    text = b"".join(b'edged_rail_power_watts{rail="%d"} 0.5\n' % rail for rail in range(1_000))
    assert len(GzipParts().compress([text])) < len(text) / 8
