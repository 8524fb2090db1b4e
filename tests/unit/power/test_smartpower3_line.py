"""The log lines of a SmartPower3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.smartpower3_line import BadLine, Channel, parse_line
from tests.unit.power.lines import CAPTURED, a_line, an_old_line


@pytest.mark.parametrize(
    ("text", "uptime_ms", "measured"),
    [
        (CAPTURED[0], 815_169, Channel(15_296, 36, 550, on=False)),
        (CAPTURED[1], 343_732_187, Channel(15_321, 72, 1_103, on=False)),
        (CAPTURED[2], 343_732_197, Channel(15_332, 84, 1_287, on=False)),
        (CAPTURED[3], 343_732_207, Channel(15_328, 55, 843, on=False)),
    ],
)
def test_captured_lines_are_understood(text: bytes, uptime_ms: int, measured: Channel) -> None:
    line = parse_line(text)
    assert (line.uptime_ms, line.input, line.checked) == (uptime_ms, measured, True)
    assert line.outputs == (Channel(0, 0, 0, on=False), Channel(0, 0, 0, on=False))


def test_a_line_is_81_bytes_with_its_end() -> None:
    assert {len(text) + 2 for text in CAPTURED} == {81} == {len(a_line())}


def test_the_outputs_and_their_interrupts_are_told_apart() -> None:
    line = parse_line(a_line(power_mw=3_210, interrupts=0x8A).strip())
    assert line.outputs[0] == Channel(5_000, 642, 3_210, on=True, interrupts=0x8A)
    assert line.outputs[1] == Channel(0, 0, 0, on=False)


@given(
    line=st.sampled_from([*CAPTURED, a_line().strip(), a_line(interrupts=0xFF).strip()]),
    bit=st.integers(0, 79 * 8 - 1),
)
def test_a_flipped_bit_is_always_noticed(line: bytes, bit: int) -> None:
    broken = bytearray(line)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadLine):
        parse_line(bytes(broken))


def test_every_single_flipped_bit_of_a_captured_line_is_noticed() -> None:
    for bit in range(79 * 8):
        broken = bytearray(CAPTURED[1])
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadLine):
            parse_line(bytes(broken))


@given(line=st.sampled_from(CAPTURED), start=st.integers(0, 79), length=st.integers(0, 79))
def test_a_part_of_a_line_is_no_line(line: bytes, start: int, length: int) -> None:
    part = line[start : start + length]
    if part != line:
        with pytest.raises(BadLine):
            parse_line(part)


@given(a=st.integers(0, 72), b=st.integers(0, 72))
def test_two_digits_that_changed_places_are_noticed_if_that_changes_a_byte(a: int, b: int) -> None:
    """Neither checksum sees an exchange of two bytes: what is left of such a line must be a line at least."""
    swapped = bytearray(CAPTURED[2])
    swapped[a], swapped[b] = swapped[b], swapped[a]
    try:
        line = parse_line(bytes(swapped))
    except BadLine:
        return
    assert line.checked
    assert 0 <= line.input.power_mw <= 99_999


def test_lines_of_firmware_before_1_7_have_no_checksums() -> None:
    line = parse_line(an_old_line(power_mw=3_000, interrupts=0x18).strip())
    assert not line.checked
    assert line.outputs[0] == Channel(5_000, 600, 3_000, on=True, interrupts=0x18)


def test_a_new_line_without_its_checksums_is_not_taken_for_an_old_one() -> None:
    with pytest.raises(BadLine):
        parse_line(a_line().strip()[:73])


def test_power_far_from_voltage_times_current_is_refused_without_checksums() -> None:
    garbled = an_old_line(power_mw=3_000).strip().replace(b",03000,", b",93000,")
    with pytest.raises(BadLine, match="far from"):
        parse_line(garbled)


def test_an_uptime_beyond_32_bits_is_refused() -> None:
    with pytest.raises(BadLine, match="uptime"):
        parse_line(an_old_line(1 << 32).strip())
    assert parse_line(an_old_line((1 << 32) - 1).strip()).uptime_ms == (1 << 32) - 1


@given(st.binary(max_size=120))
def test_garbage_is_no_line(garbage: bytes) -> None:
    with pytest.raises(BadLine):
        parse_line(garbage)


@given(st.text("0123456789abcdef,\u0660\u0661 -+.", max_size=90))
def test_what_looks_like_a_line_is_no_line(text: str) -> None:
    with pytest.raises(BadLine):
        parse_line(text.encode())
