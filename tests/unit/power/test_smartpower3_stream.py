"""From the bytes of a SmartPower3 to samples of one of its channels."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3 import SmartPower3Stream
from tests.unit.power.lines import CAPTURED, a_line, an_old_line

MS = 1_000_000
RAIL = Rail("board", "smartpower3 /dev/ttyUSB0", "smartpower3", "/dev/ttyUSB0")


def a_stream(channel: MeterChannel = MeterChannel.FIRST, gain: float = 1.0) -> SmartPower3Stream:
    stream = SmartPower3Stream(RAIL, channel, gain, "/dev/ttyUSB0")
    assert stream.feed(b"0,00,14,12\r\n", 0) == []  # the end of a line that began before
    return stream


def failure_of(stream: SmartPower3Stream, data: bytes) -> SensorError:
    with pytest.raises(SensorError) as caught:
        stream.feed(data, 1_000 * MS)
    return caught.value


def test_captured_lines_become_samples_at_the_meters_own_steps() -> None:
    stream = a_stream(MeterChannel.INPUT)
    samples = [
        sample
        for text, arrived_ns in zip(CAPTURED[1:], (1_000 * MS, 1_013 * MS, 1_020 * MS), strict=True)
        for sample in stream.feed(text + b"\r\n", arrived_ns)
    ]
    assert [sample.power_uw for sample in samples] == [1_103_000, 1_287_000, 843_000]
    assert samples[0] == Sample(1_000 * MS, 1_103_000, 15_321_000, 72_000)
    assert [round((sample.at_ns - 1_000 * MS) / MS, 2) for sample in samples] == [0, 10, 20]


def test_the_channel_that_feeds_the_board_is_taken() -> None:
    line = a_line(power_mw=3_000)
    assert a_stream(MeterChannel.FIRST).feed(line, MS)[0].power_uw == 3_000_000
    assert a_stream(MeterChannel.INPUT).feed(line, MS)[0].power_uw == 3_824_000


def test_the_gain_is_applied_to_power() -> None:
    assert a_stream(gain=1.02).feed(a_line(power_mw=3_000), MS)[0].power_uw == 3_060_000


def test_a_channel_that_is_switched_off_is_no_zero() -> None:
    failure = failure_of(a_stream(MeterChannel.SECOND), a_line())
    assert failure.kind is Failure.INVALID
    assert "channel" in failure.remedy
    assert failure_of(a_stream(), a_line(on=0, power_mw=0)).kind is Failure.INVALID


def test_nothing_in_nothing_out() -> None:
    stream = a_stream()
    assert stream.feed(b"", MS) == []
    assert stream.feed(a_line()[:40], MS) == []
    assert len(stream.feed(a_line()[40:], MS)) == 1


def test_garbage_is_a_failure_and_the_next_line_is_read() -> None:
    stream = a_stream()
    failure = failure_of(stream, b">>> Unknown command <<<\n\r")
    assert failure.kind is Failure.TRY_AGAIN
    assert "Unknown command" in failure.what
    assert len(stream.feed(a_line(), MS)) == 1


def test_a_bad_line_among_good_ones_costs_only_itself() -> None:
    data = a_line(1_000) + b"garbage\r\n" + a_line(1_020)
    stream = a_stream()
    first = stream.feed(a_line(990), 990 * MS)
    assert len(first + stream.feed(data, 1_020 * MS)) == 3


def test_old_firmware_is_read_too() -> None:
    stream = a_stream()
    samples = stream.feed(an_old_line(1_000), MS) + stream.feed(an_old_line(1_010, power_mw=2_500), 11 * MS)
    assert [sample.power_uw for sample in samples] == [3_000_000, 2_500_000]


def test_a_line_without_checksums_after_one_with_them_is_refused() -> None:
    stream = a_stream()
    stream.feed(a_line(1_000), MS)
    failure = failure_of(stream, an_old_line(1_010))
    assert "no checksums" in failure.what


@given(
    data=st.lists(st.one_of(st.binary(max_size=200), st.sampled_from([a_line(), an_old_line(), *CAPTURED])))
)
def test_whatever_arrives_a_sample_is_that_of_a_whole_line(data: list[bytes]) -> None:
    stream = a_stream()
    for i, piece in enumerate(data):
        try:
            samples = stream.feed(piece, i * MS)
        except SensorError:
            continue
        assert all(sample.power_uw == 3_000_000 for sample in samples)


@given(
    powers=st.lists(st.integers(100, 9_000), min_size=1, max_size=20),
    cuts=st.lists(st.integers(0, 2_000), max_size=30),
    flip=st.integers(0, 20 * 81 * 8 - 1),
)
def test_a_flipped_bit_in_a_torn_stream_never_becomes_a_sample(
    powers: list[int], cuts: list[int], flip: int
) -> None:
    data = bytearray(b"".join(a_line(1_000 + 10 * i, power_mw=p // 5 * 5) for i, p in enumerate(powers)))
    data[flip // 8 % len(data)] ^= 1 << flip % 8
    places = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    stream = a_stream()
    seen = []
    for begin, end in itertools.pairwise(places):
        try:
            seen += stream.feed(bytes(data[begin:end]), (1_000 + end // 8) * MS)
        except SensorError:
            continue
    assert {sample.power_uw for sample in seen} <= {p // 5 * 5_000 for p in powers}
    assert len(seen) <= len(powers)
