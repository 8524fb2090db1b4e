"""Addresses as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.host_port import parse_host_port


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.168.4.1", ("192.168.4.1", 23)),
        ("meter.lan:2323", ("meter.lan", 2323)),
        ("[::1]", ("::1", 23)),
        ("[fe80::1]:6000", ("fe80::1", 6000)),
    ],
)
def test_a_port_may_be_left_out(text: str, expected: tuple[str, int]) -> None:
    assert parse_host_port(text, 23) == expected


@pytest.mark.parametrize(
    "text", ["", ":23", "host:", "host:0", "host:65536", "::1", "host:http", "[]:1", "a:1:2", "a b"]
)
def test_what_is_no_address_says_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"192\.168\.4\.1:23"):
        parse_host_port(text, 23)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    try:
        host, port = parse_host_port(text, 23)
    except ValueError:
        return
    assert host
    assert 0 < port < 65_536
